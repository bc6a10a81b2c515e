import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../sandbox/aws/index.ts";
import { startLanes, type Lane, type Lanes } from "../../support/lambda/faults/lanes.ts";
import { operations, PEOPLE, type Case, type Operation } from "../../support/lambda/faults/operations.ts";
import { reads } from "../../support/lambda/faults/reads.ts";
import { watch } from "../../support/lambda/faults/sweep.ts";
import { quickest } from "../../support/quickest.ts";
import type { Answer } from "../../support/lambda/protocol/service.ts";

/** The function waits 3 s for an answer that does not come: so many services do so at the same time. */
const LANES = 8;
/** Milliseconds. Okta waits 60 s; a person waits less. */
const LIMIT = 10_000;

let world: Lanes;

beforeAll(async () => {
  world = await startLanes(LANES, PEOPLE);
});
afterAll(() => world.close());

const all = [...operations, ...reads];

const send = (lane: Lane, { method, path, body }: Case): Promise<Answer> =>
  lane.service.send(method, path, { raw: JSON.stringify(body) });

/** The answer where nothing goes wrong, and how many requests to DynamoDB it takes. */
async function undisturbed(lane: Lane, operation: Operation): Promise<{ status: number; requests: number }> {
  const prepared = await operation.prepare(lane, lane.people);
  let requests = 0;
  lane.faults = () => {
    requests += 1;
    return "pass";
  };
  const { status } = await send(lane, prepared).finally(() => (lane.faults = undefined));
  expect(prepared.done).toContain(status);
  return { status, requests };
}

/**
 * Injects the fault at the `k`th request of the operation, from 0.
 * @returns milliseconds until the answer
 * @throws Error that tells how it was answered wrongly
 */
async function disturbed(lane: Lane, operation: Operation, fault: Fault, k: number, expected: number): Promise<number> {
  const label = `${operation.name}, request ${k}`;
  const prepared = await operation.prepare(lane, lane.people);
  let sequence = 0;
  lane.faults = () => (sequence++ === k ? fault : "pass");
  const started = performance.now();
  const { status, body } = await watch(prepared, label, 20, () => send(lane, prepared)).finally(
    () => (lane.faults = undefined),
  );
  const milliseconds = Math.round(performance.now() - started);
  expect(status, `${label}: ${JSON.stringify(body)}`).toBe(expected);
  expect(body, label).toMatchObject(prepared.answer ?? {});
  return milliseconds;
}

describe("each operation answers its first attempt rightly within 10 s, whichever request to DynamoDB", () => {
  it.each<[string, Fault, readonly Operation[]]>([
    ["is never answered", "unanswered", all],
    ["is done and never answered", "unansweredDone", all],
    ["gets a bare 503", { status: 503, done: false }, all],
    ["is done and gets a bare 502", { status: 502, done: true }, all],
    ["is answered by half a body", { body: "cut" }, all],
    ["is answered by a body that stalls", { body: "stalled" }, reads],
  ])("%s", async (_, fault, chosen) => {
    const wrong: string[] = [];
    await world.each(chosen, async (lane, operation) => {
      const { status, requests } = await undisturbed(lane, operation);
      expect(requests, operation.name).toBeGreaterThan(0);
      for (let k = 0; k < requests; k += 1) {
        await quickest(LIMIT, () => disturbed(lane, operation, fault, k, status)).then(
          (milliseconds) => milliseconds < LIMIT || wrong.push(`${operation.name}, request ${k}: ${milliseconds} ms`),
          (error: unknown) => wrong.push(String(error)),
        );
      }
    });
    expect(wrong).toEqual([]);
    for (const lane of world.lanes) expect(await lane.invariants()).toEqual([]);
  });
});
