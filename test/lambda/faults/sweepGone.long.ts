import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../sandbox/aws/index.ts";
import { startLanes, type Lane, type Lanes } from "../../support/lambda/faults/lanes.ts";
import { operations, PEOPLE, type Case } from "../../support/lambda/faults/operations.ts";
import { reads } from "../../support/lambda/faults/reads.ts";
import { quickest } from "../../support/quickest.ts";
import type { Answer } from "../../support/lambda/protocol/service.ts";

const LANES = 8;
/** Requests of one lane that wait at the same time, each in a process of the function. */
const AT_ONCE = 2;
/** Milliseconds after which the function gives a request to DynamoDB up: an answer before them waited for none. */
const GIVEN_UP = 3_000;

let world: Lanes;

beforeAll(async () => {
  world = await startLanes(LANES, PEOPLE);
});
afterAll(() => world.close());

const send = (lane: Lane, { method, path, body }: Pick<Case, "method" | "path" | "body">): Promise<Answer> =>
  lane.service.send(method, path, { raw: JSON.stringify(body) });

/** Holds an answer without DynamoDB to what Okta repeats: 429 or 503 in SCIM, with a time in seconds. */
function expectBusy(name: string, { status, headers, body }: Answer): void {
  const retryAfter = Number(headers.get("retry-after"));
  if (name === "POST /Bulk") {
    const { Operations } = body;
    const statuses = Array.isArray(Operations) ? Operations.map((one) => JSON.stringify(one)) : [];
    expect([name, statuses.length, status]).toEqual([name, 3, 200]);
    for (const operation of statuses) expect(operation).toMatch(/"status":"429"/);
  } else {
    expect([429, 503], `${name}: ${JSON.stringify(body)}`).toContain(status);
    const error = { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status) };
    if (!name.startsWith("HEAD")) expect(body, name).toMatchObject(error);
  }
  expect(retryAfter, name).toBeGreaterThan(0);
  expect(retryAfter, name).toBeLessThanOrEqual(60);
}

const all = [...operations, ...reads];
/** Enough to see it for each kind of request to DynamoDB that comes first. */
const some = all.filter(({ name }) =>
  /^(?:POST user|GET group|PATCH user|users by a scan|POST \/Bulk|POST group of 120)$/.test(name),
);

describe("while DynamoDB", () => {
  it.each<[string, Fault, typeof all]>([
    ["does not answer", "unanswered", all],
    ["ends every connection", "cut", some],
    ["is behind a proxy that answers 502", { status: 502, done: false }, some],
    ["refuses everything as over its throughput", "throttle", some],
    // These are done: a repetition of the bulk request finds its user created.
    ["never ends an answer", { body: "stalled" }, some.filter(({ name }) => name !== "POST /Bulk")],
  ])(
    "%s, each operation is answered 429 or 503 with Retry-After before the function dies, and right at once afterwards",
    async (_, fault, chosen) => {
      const shares = world.lanes.map((_lane, at) => chosen.filter((_operation, index) => index % LANES === at));
      await Promise.all(
        world.lanes.map(async (lane, at) => {
          const own = [...(shares[at] ?? [])];
          while (own.length > 0) {
            const pair = own.splice(0, AT_ONCE);
            const slowest = await quickest(GIVEN_UP, () => withoutDynamoDb(lane, pair, fault));
            expect(slowest, pair.map(({ name }) => name).join()).toBeLessThan(GIVEN_UP);
          }
        }),
      );
    },
  );
});

/**
 * Does the operations without DynamoDB, where only the function itself can answer in SCIM, and then with it again.
 * @returns milliseconds of the slowest read with DynamoDB
 */
async function withoutDynamoDb(lane: Lane, chosen: typeof all, fault: Fault): Promise<number> {
  const prepared = await Promise.all(
    chosen.map(async (operation) => ({
      name: operation.name,
      request: await operation.prepare(lane, lane.people),
    })),
  );
  lane.faults = () => fault;
  const answers = await Promise.all(prepared.map(({ request }) => send(lane, request))).finally(
    () => (lane.faults = undefined),
  );
  for (const [at, answer] of answers.entries()) expectBusy(prepared[at]?.name ?? "", answer);
  let slowest = 0;
  for (const { name, request } of prepared) {
    const started = performance.now();
    const { status, body } = await send(lane, request);
    const milliseconds = performance.now() - started;
    expect(request.done, `${name}: ${JSON.stringify(body)}`).toContain(status);
    if (status === 200) expect(body, name).toMatchObject(request.answer ?? {});
    expect(await request.view(), name).toBe(request.after);
    // A large change takes longer on a slow machine, though it waits for nothing.
    if (reads.some((operation) => operation.name === name)) slowest = Math.max(slowest, milliseconds);
  }
  return slowest;
}
