import { createHash } from "node:crypto";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Directory } from "../../../lambda/model.ts";
import { fromGateway } from "../../../lambda/http/gateway.ts";
import { handle } from "../../../lambda/http/handle.ts";
import type { HttpResponse } from "../../../lambda/http/message.ts";
import { BASE_PATH } from "../../../lambda/contract.ts";
import { createService } from "../../../lambda/service/context.ts";
import { ERROR_SCHEMA } from "../../../lambda/scim/error.ts";
import type { JsonObject } from "../../../lambda/model.ts";
import { startStore, type TestStore } from "../../support/lambda/directory/support.ts";
import { quickest } from "../../support/quickest.ts";
import { fuzzRequest, type FuzzRequest } from "../../support/lambda/fuzz/requests.ts";

/** `npm test` tries a few; `npm run test:fuzz` sets 20,000. */
const CASES = Number(process.env["FUZZ_CASES"] ?? 500);
/** Milliseconds of processor time that an answer may take; the wait for a busy machine does not count. */
const SLOW = 1_000;
/** Items in the table beyond which a new one takes its place, so that looking at all of them stays cheap. */
const LARGE = 200;
/** The kinds of answers, and the least number of each among a thousand requests. */
const PER_THOUSAND = { 200: 80, 201: 20, 204: 3, 400: 300, 401: 80, 404: 90, 405: 40, 409: 6, 412: 70, 415: 50 };
const TOKEN = "a-token-that-no-answer-may-show";

const service = createService({
  attributes: "standard",
  baseUrl: `https://scim.example.com${BASE_PATH}`,
  tokens: [{ generation: 1, sha256: createHash("sha256").update(TOKEN).digest("hex") }],
});

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.close());

/** The whole table, as text by key. */
async function snapshot({ client, tableName: TableName }: TestStore): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const item of Items)
      items.set(`${item["pk"]?.S} ${item["sk"]?.S}`, JSON.stringify(Object.entries(item).toSorted()));
  }
  return items;
}

const textOf = (items: ReadonlyMap<string, string>): string => [...items.values()].toSorted().join("\n");

/** The ids that requests name, created again if a request deleted them. */
async function populate(
  directory: Directory,
  items: Map<string, string>,
  ids: Record<string, string>,
): Promise<boolean> {
  let isChanged = false;
  const has = (key: string): boolean => items.has(`${key} #`);
  for (const name of ["u", "v"]) {
    if (has(`U#${ids[name]}`)) continue;
    const random = `fuzz-${Math.random()}`;
    ids[name] = (await directory.createUser({ userName: random, emails: [{ value: random, type: "work" }] })).id;
    isChanged = true;
  }
  if (!has(`G#${ids["g"]}`)) {
    ids["g"] = (await directory.createGroup({ displayName: `fuzz-${Math.random()}` }, new Set([ids["u"] ?? ""]))).id;
    isChanged = true;
  }
  return isChanged;
}

function eventOf(request: FuzzRequest, ids: Record<string, string>): APIGatewayProxyEventV2 {
  const fill = (text: string): string =>
    text.replace(/\{(u|v|g)\}/g, (_, name: string) => ids[name] ?? "").replace("{token}", TOKEN);
  const body =
    typeof request.body === "string" ? Buffer.from(fill(request.body)) : request.body && Buffer.from(request.body);
  const rawPath = BASE_PATH + fill(request.path);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: fill(request.query),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, fill(value)])),
    ...(body && body.length > 0 ? { body: body.toString("base64") } : {}),
    isBase64Encoded: true,
    requestContext: {
      accountId: "1",
      apiId: "a",
      domainName: "d",
      domainPrefix: "d",
      http: { method: request.method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "1.2.3.4", userAgent: "fuzz" },
      requestId: "r",
      routeKey: "$default",
      stage: "$default",
      time: "",
      timeEpoch: 0,
    },
  };
}

async function ask(
  event: APIGatewayProxyEventV2,
): Promise<{ response: HttpResponse; lines: string; milliseconds: number }> {
  const lines: unknown[] = [];
  const before = process.cpuUsage();
  const context = { service, directory: store.directory(), deadline: { remaining: () => 60_000 } };
  const response = await handle(context, fromGateway(event), (line) => lines.push(line));
  const { user, system } = process.cpuUsage(before);
  return { response, lines: JSON.stringify(lines), milliseconds: (user + system) / 1_000 };
}

describe(`${CASES} random requests`, () => {
  it(
    "get no 5xx and no slow answer, pollute no prototype, show no token, and change nothing if they are rejected",
    async () => {
      const ids: Record<string, string> = {};
      const statuses = new Map<number, number>();
      let before = new Map<string, string>();
      await fc.assert(
        fc.asyncProperty(fuzzRequest, async (request) => {
          if (before.size > LARGE) {
            await store.close();
            store = await startStore();
            before = new Map();
          }
          if (await populate(store.directory(), before, ids)) before = await snapshot(store);
          const event = eventOf(request, ids);
          const { response, lines, milliseconds } = await ask(event);
          const { status, body } = response;
          statuses.set(status, (statuses.get(status) ?? 0) + 1);

          expect(status, lines).toBeLessThan(status === 501 ? 502 : 500);
          expect(({} as JsonObject)["polluted"]).toBeUndefined();
          expect(Object.keys(Object.prototype)).toEqual([]);
          expect(lines + (body ?? "")).not.toContain(TOKEN);
          if (status >= 400 && body !== undefined) {
            expect(JSON.parse(body)).toMatchObject({ schemas: [ERROR_SCHEMA], status: String(status) });
          }
          const after = await snapshot(store);
          const isRead = ["GET", "HEAD"].includes(request.method) || /\.search$/i.test(request.path);
          // Texts are compared first, because a deep comparison would take longer than the case itself.
          if ((status >= 300 || isRead) && textOf(after) !== textOf(before)) expect(after).toEqual(before);
          before = after;
          if (milliseconds >= SLOW) {
            expect(await quickest(SLOW, async () => (await ask(event)).milliseconds)).toBeLessThan(SLOW);
            before = await snapshot(store);
          }
        }),
        // The table keeps the effects of earlier cases: one case alone need not fail again, so there is nothing to
        // shrink.
        { numRuns: CASES, endOnFailure: true },
      );
      // The requests are useful: they reach every kind of answer that this number of requests should reach twenty
      // times.
      const expected = Object.entries(PER_THOUSAND).filter(([, share]) => (CASES * share) / 1000 >= 20);
      expect(expected.filter(([status]) => !statuses.has(Number(status)))).toEqual([]);
    },
    CASES * 300 + 60_000,
  );
});
