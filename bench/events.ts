import { z } from "zod";
import { feedAddress, type FeedAddress } from "../operations/events/feedAddress.ts";
import { pollFeed } from "../operations/events/feed.ts";
import type { Cost } from "../sandbox/aws/index.ts";
import { startTenant, type Tenant } from "../sandbox/tenant/tenant.ts";
import { median } from "./measure/measure.ts";
import { row, type Row } from "./measure/rows.ts";
import { idOf, personOf } from "./operations/requests.ts";

const CHANGES = 100;
const TIMED = 30;
const MEMBERS = 1_000;
/** Events of a push of that many members: the stream joins the changes of a group. */
const MOST_EVENTS = 36;

const claims = z.object({ sub_id: z.object({ uri: z.string() }) });

/** The cost of the feed for each change, the events of a large push, and the time until a change is told. */
export async function benchEvents(progress: (text: string) => void): Promise<Row[]> {
  const config = new Map([
    ["connection", "pending"],
    ["throttle", '{"ratePerSecond":10000,"burst":5000}'],
    ["events", '{"receivers":[{"name":"bench","delivery":"poll"}]}'],
  ]);
  const tenant = await startTenant({ stack: "dev", config, port: 0 });
  try {
    const address = feedAddress("dev", tenant.outputs, "bench");
    progress(`${CHANGES} changes and their events`);
    const cost = await costOfChanges(tenant, address);
    progress(`time until a change is told, ${TIMED} times`);
    const times = await timesUntilTold(tenant, address);
    progress(`a push of ${MEMBERS} members`);
    const events = await eventsOfPush(tenant, address);
    return [
      ...cost,
      row({
        name: "from the answer of a write to the answer of the poll",
        size: 1,
        unit: "ms p50",
        ours: median(times),
      }),
      row({
        name: "events of a group by one push of its members",
        size: MEMBERS,
        unit: "events",
        ours: events,
        bound: MOST_EVENTS,
      }),
    ];
  } finally {
    await tenant.close();
  }
}

type Send = (method: string, path: string, body?: object) => Promise<unknown>;

const senderOf =
  ({ outputs }: Tenant): Send =>
  async (method, path, body) => {
    const response = await fetch(`${String(outputs["scimBaseUrl"])}${path}`, {
      method,
      headers: { authorization: String(outputs["scimAuthorization"]), "content-type": "application/scim+json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };

/** The costs of the functions for events: all but the SCIM service's own. */
function feedCosts({ cloud }: Tenant): Readonly<Record<"publish" | "feed", Cost>> {
  const costs = Object.entries(cloud.functionCosts());
  const of = (part: string): Cost =>
    costs.find(([name]) => name.includes(`-events-${part}`))?.[1] ?? { requests: 0, readUnits: 0, writeUnits: 0 };
  return { publish: of("publish"), feed: of("feed") };
}

async function costOfChanges(tenant: Tenant, address: FeedAddress): Promise<Row[]> {
  const send = senderOf(tenant);
  const before = feedCosts(tenant);
  for (let at = 0; at < CHANGES; at += 1) await send("POST", "/Users", personOf(at));
  let told = 0;
  let ack: string[] = [];
  while (told < CHANGES) {
    const { sets } = await pollFeed(address, { ack, maxEvents: 100, wait: true });
    ack = [...sets.keys()];
    told += ack.length;
  }
  await pollFeed(address, { ack, maxEvents: 0, wait: false });
  const after = feedCosts(tenant);
  const units = (name: string, part: "publish" | "feed", unit: "read units" | "write units"): Row => {
    const field = unit === "read units" ? "readUnits" : "writeUnits";
    return row({ name, size: 1, unit, ours: (after[part][field] - before[part][field]) / CHANGES });
  };
  return [
    units("event of a change, written for one receiver", "publish", "write units"),
    units("event of a change, polled and acknowledged", "feed", "read units"),
    units("event of a change, polled and acknowledged", "feed", "write units"),
  ];
}

/** Milliseconds between the answers of a write and of a poll that waits for its event. */
async function timesUntilTold(tenant: Tenant, address: FeedAddress): Promise<number[]> {
  const send = senderOf(tenant);
  const id = idOf(await send("POST", "/Users", personOf(CHANGES)));
  let ack = [...(await pollFeed(address, { ack: [], maxEvents: 100, wait: true })).sets.keys()];
  const times: number[] = [];
  for (let at = 0; at < TIMED; at += 1) {
    const polled = pollFeed(address, { ack, maxEvents: 100, wait: true });
    const Operations = [{ op: "replace", path: "title", value: `Title ${at}` }];
    await send("PATCH", `/Users/${id}`, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });
    const written = performance.now();
    const { sets } = await polled;
    times.push(performance.now() - written);
    ack = [...sets.keys()];
  }
  await pollFeed(address, { ack, maxEvents: 0, wait: false });
  return times;
}

/** The number of events of a group that gets its members by one request. */
async function eventsOfPush(tenant: Tenant, address: FeedAddress): Promise<number> {
  const send = senderOf(tenant);
  const ids: string[] = [];
  for (let at = CHANGES + 1; ids.length < MEMBERS; at += 1) ids.push(idOf(await send("POST", "/Users", personOf(at))));
  const schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
  const group = await send("POST", "/Groups", {
    schemas,
    displayName: "Bench",
    members: ids.map((value) => ({ value })),
  });
  const uri = `/Groups/${idOf(group)}`;
  // The last event of the feed is about this person.
  const last = `/Users/${idOf(await send("POST", "/Users", personOf(CHANGES + MEMBERS + 1)))}`;
  let ack: string[] = [];
  const seen: string[] = [];
  while (!seen.includes(last) || !seen.includes(uri)) {
    const { sets } = await pollFeed(address, { ack, maxEvents: 100, wait: true });
    ack = [...sets.keys()];
    for (const jws of sets.values())
      seen.push(claims.parse(JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString())).sub_id.uri);
  }
  await pollFeed(address, { ack, maxEvents: 0, wait: false });
  return seen.filter((one) => one === uri).length;
}
