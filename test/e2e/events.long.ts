import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { feedAddress, type FeedAddress } from "../../operations/events/feedAddress.ts";
import { pollFeed } from "../../operations/events/feed.ts";
import { keysAt, openSet, type SetClaims } from "../../operations/events/set.ts";
import { showFeed } from "../../operations/events/showEvents.ts";
import { listen, readBody, shut } from "../../sandbox/support/http.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { oktaApi } from "../support/e2e/lives.ts";

const EVENTS = {
  receivers: [
    { name: "audit", delivery: "poll" },
    { name: "second", delivery: "poll", mode: "full" },
    { name: "hooks", delivery: { push: "https://hooks.example.com/in", authorization: "Bearer of-the-receiver" } },
    { name: "steady", delivery: { push: "https://steady.example.com/in" } },
  ],
  eventBus: true,
};
const PREFIX = "urn:ietf:params:scim:event:prov:";
const users = z.array(z.object({ id: z.string(), credentials: z.object({ userName: z.string() }) }));

interface Pushed {
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly jws: string;
  readonly status: number;
}

let tenant: Tenant;
let receiver: Server;
const pushed: Pushed[] = [];
let failures = 0;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    void readBody(request, 1e6).then((body) => {
      const { authorization, "content-type": contentType, host } = request.headers;
      const status = host === "hooks.example.com" && failures-- > 0 ? 503 : 202;
      pushed.push({ host, authorization, contentType, jws: body?.toString() ?? "", status });
      response.writeHead(status).end();
    });
  });
  const target = `http://127.0.0.1:${await listen(receiver, 0)}`;
  const routes = new Map(["hooks.example.com", "steady.example.com"].map((host) => [host, target]));
  tenant = await startTenant({ stack: "dev", config: new Map([["events", JSON.stringify(EVENTS)]]), port: 0, routes });
});
afterAll(async () => {
  await tenant.close();
  await shut(receiver);
});

const addressOf = (name: string): FeedAddress => feedAddress("dev", tenant.outputs, name);

/** All events of a feed from now on, until one of them is as wanted. Acknowledges what it read. */
async function readUntil(name: string, isLast: (claims: SetClaims) => boolean): Promise<SetClaims[]> {
  const address = addressOf(name);
  const keys = keysAt(address.keysUrl);
  const read: SetClaims[] = [];
  let ack: string[] = [];
  while (!read.some(isLast)) {
    const { sets } = await pollFeed(address, { ack, maxEvents: 100, wait: true });
    ack = [...sets.keys()];
    for (const [jti, jws] of sets) read.push(await openSet(jti, jws, keys, address.issuer));
  }
  await pollFeed(address, { ack, maxEvents: 0, wait: false });
  return read;
}
/** The claims of a SET, unverified. */
const claimsIn = (jws: string): SetClaims =>
  JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString()) as SetClaims;
const typesOf = ({ events }: SetClaims): string[] => Object.keys(events).map((uri) => uri.replace(PREFIX, ""));

describe("change events of a tenant on this machine", () => {
  it("tell of every person that the start provisioned, in order for each resource", async () => {
    const scim = { authorization: `Bearer ${String(tenant.outputs["scimToken"])}` };
    const answer = await fetch(`${String(tenant.outputs["scimBaseUrl"])}/Users?count=1000`, { headers: scim });
    const people = z.object({ Resources: z.array(z.object({ id: z.string() })) }).parse(await answer.json());
    const created = new Set<string>();
    const versions = new Map<string, SetClaims[]>();
    const wanted = people.Resources.map(({ id }) => `/Users/${id}`);
    const all = await readUntil("audit", ({ sub_id: { uri }, events }) => {
      if (Object.keys(events).some((event) => event.startsWith(`${PREFIX}create`))) created.add(uri);
      return wanted.every((one) => created.has(one));
    });
    for (const claims of all) versions.set(claims.sub_id.uri, [...(versions.get(claims.sub_id.uri) ?? []), claims]);
    for (const [uri, [first]] of versions) expect([uri, first && typesOf(first)[0]]).toEqual([uri, "create:notice"]);
    expect(all.every(({ txn }) => txn !== undefined)).toBe(true);
  });

  it("reach a receiver that polls, one that is pushed to after a failure, and the bus", async () => {
    const [person] = users.parse(await oktaApi(tenant)("GET", `/apps/${String(tenant.outputs["oktaAppId"])}/users`));
    const name = person?.credentials.userName ?? "";
    const isLeaver = (claims: SetClaims): boolean =>
      claims.sub_id["userName"] === name && typesOf(claims).includes("deactivate");
    failures = 2;
    tenant.org.admin.setLifecycle(person?.id ?? "", "deactivate");
    await tenant.org.idle();
    const [polled] = (await readUntil("audit", isLeaver)).filter(isLeaver);
    const [full] = (await readUntil("second", isLeaver)).filter(isLeaver);
    expect(full?.txn).toBe(polled?.txn);
    expect(full?.jti).not.toBe(polled?.jti);
    const address = addressOf("audit");
    const told = async (): Promise<SetClaims | undefined> => {
      for (const { jws, status, host } of pushed) {
        if (status !== 202 || host !== "hooks.example.com") continue;
        const jti = z
          .object({ jti: z.string() })
          .parse(JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString())).jti;
        const claims = await openSet(jti, jws, keysAt(address.keysUrl), address.issuer);
        if (isLeaver(claims)) return claims;
      }
      return undefined;
    };
    await expect.poll(told).toMatchObject({ txn: polled?.txn, sub_id: { uri: polled?.sub_id.uri } });
    expect(pushed.find(({ host }) => host === "hooks.example.com")).toMatchObject({
      authorization: "Bearer of-the-receiver",
      contentType: "application/secevent+jwt",
    });
    const events = (): readonly { detail: unknown }[] => tenant.cloud.eventsOf(tenant.cloud.busNames()[0] ?? "");
    await expect
      .poll(() => events().map(({ detail }) => detail))
      .toContainEqual(expect.objectContaining({ txn: polled?.txn }));
  });

  it("are signed by a key of the JWKS, which needs no token", async () => {
    const answer = await fetch(String(tenant.outputs["eventKeys"]));
    const { keys } = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }).parse(await answer.json());
    const [jws = ""] = pushed.map((one) => one.jws);
    const [head = "", body = "", signature = ""] = jws.split(".");
    const { kid } = z.object({ kid: z.string() }).parse(JSON.parse(Buffer.from(head, "base64url").toString()));
    const key = createPublicKey({ key: keys.find((one) => one.kid === kid) as JsonWebKey, format: "jwk" });
    const bytes = Buffer.from(signature, "base64url");
    expect(verify("sha256", Buffer.from(`${head}.${body}`), { key, dsaEncoding: "ieee-p1363" }, bytes)).toBe(true);
  });

  it("are verified as far as a request can tell", async () => {
    const isOfEvents = ({ id }: { readonly id: string }): boolean =>
      id.startsWith("receiver:") || id === "event-keys" || id === "security-events";
    expect((await tenant.verify()).filter(isOfEvents).map(({ id, state }) => `${id} ${state}`)).toEqual([
      "receiver:audit right",
      "receiver:second right",
      "receiver:hooks unknown",
      "receiver:steady unknown",
      "event-keys right",
      "security-events right",
    ]);
  });

  it("are printed and acknowledged by npm run events", async () => {
    const [, person] = users.parse(await oktaApi(tenant)("GET", `/apps/${String(tenant.outputs["oktaAppId"])}/users`));
    tenant.org.admin.changeProfile(person?.id ?? "", { lastName: "Told" });
    await tenant.org.idle();
    const address = addressOf("audit");
    const waiting = async (): Promise<number> =>
      (await pollFeed(address, { ack: [], maxEvents: 100, wait: false })).sets.size;
    const lines: string[] = [];
    const output = {
      print: (line: string) => void lines.push(line),
      written: async () => undefined,
      say: () => undefined,
    };
    const options = { follow: false, acknowledge: true, json: false };
    const printed = async (): Promise<string> => {
      expect(await showFeed(address, options, output, new AbortController().signal)).toBe(0);
      return lines.join("\n");
    };
    await expect.poll(printed).toContain(person?.credentials.userName ?? "");
    // An event of an earlier change may come late: events of different people have no order.
    const left = async (): Promise<number> => {
      await printed();
      return waiting();
    };
    await expect.poll(left).toBe(0);
  });

  it("are isolated: no token of another opens a feed", async () => {
    const audit = addressOf("audit");
    for (const token of [addressOf("second").token, String(tenant.outputs["scimToken"])])
      await expect(pollFeed({ ...audit, token }, { ack: [], maxEvents: 1, wait: false })).rejects.toThrow(
        "answers 403",
      );
    await expect(pollFeed({ ...audit, token: "x" }, { ack: [], maxEvents: 1, wait: false })).rejects.toThrow(
      "answers 401",
    );
  });

  it("begin with an empty feed for a receiver that is removed and added again, while the others miss nothing", async () => {
    const people = users.parse(await oktaApi(tenant)("GET", `/apps/${String(tenant.outputs["oktaAppId"])}/users`));
    const [, , before, meanwhile, after] = people.map(({ id, credentials: { userName } }) => ({ id, userName }));
    const isAbout =
      (person: { readonly userName: string } | undefined) =>
      ({ sub_id }: SetClaims): boolean =>
        sub_id["userName"] === person?.userName;
    const rename = async (person: { readonly id: string } | undefined, lastName: string): Promise<void> => {
      tenant.org.admin.changeProfile(person?.id ?? "", { lastName });
      await tenant.org.idle();
    };
    const namesIn = (all: readonly SetClaims[]): unknown[] => [...new Set(all.map(({ sub_id }) => sub_id["userName"]))];
    const namesPushedTo = (host: string, from: number): unknown[] =>
      namesIn(
        pushed
          .slice(from)
          .filter((one) => one.host === `${host}.example.com`)
          .map(({ jws }) => claimsIn(jws)),
      );
    const waitsFor = async (name: string, person: { readonly userName: string } | undefined): Promise<void> => {
      const { sets } = await pollFeed(addressOf(name), { ack: [], maxEvents: 100, wait: true });
      expect([...sets.values()].some((jws) => isAbout(person)(claimsIn(jws)))).toBe(true);
    };
    const deploy = (kept: readonly string[]): Promise<void> => {
      const receivers = EVENTS.receivers.filter(({ name }) => kept.includes(name));
      return tenant.up({ events: JSON.stringify({ ...EVENTS, receivers }) });
    };
    const start = pushed.length;

    failures = Infinity;
    await rename(before, "Before");
    await expect.poll(() => waitsFor("second", before).then(() => true)).toBe(true);
    await expect.poll(() => namesPushedTo("hooks", start)).toContain(before?.userName);
    const old = addressOf("second");
    await deploy(["audit", "steady"]);
    await expect(pollFeed(old, { ack: [], maxEvents: 1, wait: false })).rejects.toThrow("answers 401");
    await rename(meanwhile, "Meanwhile");
    // The receivers that are added again get what is published from then on.
    await expect.poll(() => namesPushedTo("steady", start)).toContain(meanwhile?.userName);
    await deploy(["audit", "second", "hooks", "steady"]);
    failures = 0;
    const again = pushed.length;
    expect(addressOf("second").token).not.toBe(old.token);
    await rename(after, "After");

    expect(namesIn(await readUntil("second", isAbout(after)))).toEqual([after?.userName]);
    await expect.poll(() => namesPushedTo("hooks", again)).toEqual([after?.userName]);
    // Events of different people have no order.
    const names = [before, meanwhile, after].map((person) => person?.userName).sort();
    const ofThese = (all: readonly unknown[]): unknown[] => all.filter((name) => names.includes(String(name))).sort();
    const told = new Set<unknown>();
    const isComplete = ({ sub_id }: SetClaims): boolean => {
      told.add(sub_id["userName"]);
      return names.every((name) => told.has(name));
    };
    expect(ofThese(namesIn(await readUntil("audit", isComplete)))).toEqual(names);
    await expect.poll(() => ofThese(namesPushedTo("steady", start))).toEqual(names);
  });

  it("need the permissions that the stack declares: nothing was denied", () => {
    const counts = Object.entries(tenant.cloud.serviceCounts());
    expect(counts.map(([action]) => action)).toEqual(expect.arrayContaining(["kms:Sign", "events:PutEvents"]));
    expect(counts.filter(([, { denied }]) => denied > 0)).toEqual([]);
  });
});
