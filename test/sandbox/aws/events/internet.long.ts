import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen, readBody, shut } from "../../../../sandbox/support/http.ts";
import type { Invocation } from "../../../../sandbox/aws/lambda/functionPool.ts";
import { startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";

/** Sends a request with https, as a function that checks the resolved addresses does, and with fetch. */
const SEND = `
import { lookup } from "node:dns";
import { request } from "node:https";
const seen = [];
const checked = (host, options, callback) => lookup(host, { ...options, all: true }, (error, all) => {
  if (error) return callback(error);
  seen.push(...all.map(({ address }) => address));
  options.all ? callback(null, all) : callback(null, all[0].address, all[0].family);
});
const plain = (url, body) => new Promise((resolve, reject) => {
  const headers = { "content-type": "application/secevent+jwt", authorization: "Bearer x" };
  const sent = request(url, { method: "POST", headers, lookup: checked, agent: false }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode));
  });
  sent.on("error", reject).end(body);
});
export const handler = async ({ url, with: how }) => {
  if (how === "fetch") return { status: (await fetch(url, { method: "POST", body: "x" })).status };
  return { status: await plain(url, "jws"), seen };
};`;

let lab: EventLab;
let name: string;
let receiver: Server;
let target: string;
const got: string[] = [];

beforeAll(async () => {
  lab = await startEventLab();
  await lab.services.internet.open();
  name = await lab.deploy(SEND);
  receiver = createServer((request, response) => {
    void readBody(request, 1e6).then((body) => {
      got.push(
        [request.method, request.url, request.headers.host, request.headers.authorization, body?.toString()].join(" "),
      );
      response.writeHead(503, { "retry-after": "7" }).end();
    });
  });
  target = `http://127.0.0.1:${await listen(receiver, 0)}`;
});
afterAll(async () => {
  await shut(receiver);
  await lab.close();
});
beforeEach(() => void (got.length = 0));

const invoke = (event: object): Promise<Invocation> => lab.functions.invoke(name, event);
const answerOf = (invocation: Invocation): unknown =>
  JSON.parse(invocation.kind === "answer" ? invocation.payload : "null");

describe("the internet of functions", () => {
  it("resolves public names to public addresses, over TLS that the function trusts; a host accepts events", async () => {
    const answer = answerOf(await invoke({ url: "https://hooks.example.com/events?a=1" }));
    expect(answer).toEqual({ status: 202, seen: [expect.stringMatching(/^192\.175\.48\.\d+$/)] });
    expect(lab.services.internet.deliveries().at(-1)).toMatchObject({
      ...{ host: "hooks.example.com", path: "/events?a=1", method: "POST", body: "jws", status: 202 },
    });
  });

  it("leads a host with a route to a server of this machine", async () => {
    lab.services.internet.route("hooks.example.com", target);
    expect(answerOf(await invoke({ url: "https://hooks.example.com/in" }))).toMatchObject({ status: 503 });
    lab.services.internet.route("hooks.example.com", undefined);
    expect(got).toEqual(["POST /in hooks.example.com Bearer x jws"]);
  });

  it("answers 404 to anything else, also to fetch and to addresses", async () => {
    expect(answerOf(await invoke({ url: "https://other.example.com/", with: "fetch" }))).toEqual({ status: 404 });
  });

  it("has hosts that do not exist, and hosts that are down", async () => {
    expect(await invoke({ url: "https://nobody.invalid/" })).toMatchObject({
      kind: "failure",
      errorMessage: "getaddrinfo ENOTFOUND nobody.invalid",
    });
    lab.services.internet.route("down.example.com", "http://127.0.0.1:1");
    expect(await invoke({ url: "https://down.example.com/" })).toMatchObject({ kind: "failure" });
    expect(lab.services.internet.deliveries().at(-1)).toMatchObject({ host: "down.example.com", status: undefined });
  });

  it("leaves this machine's own addresses alone", async () => {
    expect(await invoke({ url: target.replace("http:", "https:") })).toMatchObject({ kind: "failure" });
    expect(got).toEqual([]);
  });
});
