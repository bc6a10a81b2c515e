import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AwsError } from "../../../lambda/aws/errors.ts";
import type { DynamoDb } from "../../../lambda/directory/client.ts";
import { edgeChanges, type Edge } from "../../../lambda/directory/edges.ts";
import { writeEdges, type EpochWork } from "../../../lambda/directory/epochWrites.ts";
import { BusyError } from "../../../lambda/directory/errors.ts";
import { keys } from "../../../lambda/directory/keys.ts";
import { createPace, toRemember } from "../../../lambda/directory/pace.ts";
import { createKeyLimiter } from "../../../sandbox/aws/dynamodb/faults/keyLimit.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ["Date", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const GROUP = "0f0e0d0c-0000-4000-8000-000000000000";
const idOf = (at: number): string => `${at.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;

/**
 * A DynamoDB in simulated time: each transaction takes 20 ms, and a partition key accepts a limited number of write
 * units.
 */
function simulate(writeUnits: number) {
  const limiter = createKeyLimiter(
    { writeUnits },
    async () => "pk",
    () => Date.now(),
  );
  /** Of the large change. */
  const count = { passed: 0, throttled: 0 };
  const client: DynamoDb = {
    async send(operation, input) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (operation !== "TransactWriteItems" || !("TransactItems" in input))
        throw new Error(`${operation} is not simulated`);
      const verdict = await limiter.admit(operation, { ...input });
      const isLarge = (input.TransactItems ?? []).length > 2;
      if (isLarge) count[verdict.kind === "all" ? "passed" : "throttled"] += 1;
      if (verdict.kind !== "none") return {};
      const { __type: type, ...fields } = verdict.refusal;
      const name = String(type).replace(/^.*#/, "");
      throw new AwsError({ name, message: "simulated", status: 400, fields });
    },
  };
  return { client, count };
}
type Simulation = ReturnType<typeof simulate>;

/** Runs until the promise settles, with the simulated clock as fast as possible. */
async function inSimulatedTime<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const watched = work.finally(() => over.abort());
  watched.catch(() => undefined);
  while (!over.signal.aborted) {
    await vi.advanceTimersByTimeAsync(5);
    await new Promise(setImmediate);
  }
  return watched;
}

/** Another request's change of one member, retried until it succeeds. */
async function smallChange({ client }: Simulation): Promise<void> {
  const update = {
    TableName: "t",
    Key: keys.resource("Group", GROUP),
    UpdateExpression: "SET v = v + :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  };
  const edge = { TableName: "t", Item: { ...keys.member(GROUP, idOf(0)), a: { N: "1" } } };
  for (;;) {
    try {
      await client.send("TransactWriteItems", { TransactItems: [{ Update: update }, { Put: edge }] }, 5_000);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Adds members by requests of 26 s, each of which resumes the one before. Returns seconds of simulated time, and
 * how often a request ran out of time.
 */
async function push(
  simulation: Simulation,
  members: number,
  smallEvery?: number,
): Promise<{ readonly seconds: number; readonly retries: number }> {
  const started = Date.now();
  let pending = Array.from({ length: members }, (_, at) => idOf(at));
  let remembered: number | undefined;
  let retries = 0;
  let isOver = false;
  const others = async (): Promise<void> => {
    while (smallEvery !== undefined && !isOver) {
      await smallChange(simulation);
      await new Promise((resolve) => setTimeout(resolve, smallEvery));
    }
  };
  const large = async (): Promise<void> => {
    while (pending.length > 0) {
      const end = Date.now() + 26_000;
      const work: EpochWork = {
        store: { client: simulation.client, table: "t", deadline: { remaining: () => end - Date.now() } },
        ...{ groupId: GROUP, owner: "o", epoch: 1, pace: createPace(remembered, Date.now()) },
        ...{ before: new Map<string, Edge>(), after: new Map<string, Edge>() },
      };
      try {
        await writeEdges(work, edgeChanges(new Map(), { add: pending, remove: [] }, 1));
      } catch (error) {
        if (!(error instanceof BusyError)) throw error;
        retries += 1;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
      pending = pending.filter((id) => !work.after.has(id));
      remembered = toRemember(work.pace);
    }
    isOver = true;
  };
  const both = Promise.all([large(), others()]);
  await inSimulatedTime(both);
  return { seconds: (Date.now() - started) / 1_000, retries };
}

describe("a large change keeps the pace of its partition key", () => {
  // docs/performance.md states these numbers.
  it.each([
    [1_000, 2, 0],
    [10_000, 23, 0],
    [45_000, 110, 4],
  ])(
    "of AWS's limit: %i members are written without a throttled transaction, in at most %i s and with %i answers of 429",
    async (members, most, answers) => {
      const simulation = simulate(1_000);
      const { seconds, retries } = await push(simulation, members);
      expect(simulation.count.throttled).toBe(0);
      expect(seconds).toBeLessThanOrEqual(most);
      expect(retries).toBe(answers);
      expect(seconds).toBeLessThanOrEqual((2 * (members * 2)) / 1_000 + 1);
    },
    180_000,
  );

  it.each([
    ["10,000 members at a tenth of the limit", 1_000, 100, 3_000],
    ["10,000 members at a tenth of the limit, in full size", 10_000, 100, 3_000],
    ["2,000 members at half of the limit", 2_000, 500, 3_000],
    ["many small changes", 2_000, 300, 1_000],
  ])(
    "%s: within twice the limit's time, and at most one transaction in five throttled",
    async (_, members, units, every) => {
      const simulation = simulate(units);
      const { seconds } = await push(simulation, members, every);
      const { passed, throttled } = simulation.count;
      expect(throttled / (passed + throttled)).toBeLessThanOrEqual(0.2);
      expect(seconds).toBeLessThanOrEqual((2 * (members * 2)) / units);
    },
  );
});
