import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCrowd, modelProperty } from "../../support/lambda/faults/rounds.ts";
import { startWorld, type World } from "../../support/lambda/faults/world.ts";

/** MODEL_MINUTES: the duration; MODEL_SEED: repeats the rounds and faults of an earlier run, but not its timing. */
const minutes = Number(process.env["MODEL_MINUTES"] ?? 5);
const seed = Number(process.env["MODEL_SEED"] ?? Date.now() % 2 ** 31);

/** Rounds after which the whole table is checked. */
const BATCH = 25;

let world: World;
let crowd: string[];

beforeAll(async () => {
  world = await startWorld();
  crowd = await makeCrowd(world);
}, 60_000);
afterAll(() => world.close());

it("behaves like its model for minutes, with concurrent requests and faults", async () => {
  console.log(`model test: seed ${seed}, ${minutes} minutes`);
  const end = Date.now() + minutes * 60_000;
  let batches = 0;
  // In batches that each end: fast-check's own time limit would inspect the directory while requests are in flight.
  for (; Date.now() < end; batches += 1) {
    await fc.assert(modelProperty(world, crowd, true), { seed: seed + batches, numRuns: BATCH, endOnFailure: true });
    expect(await world.invariants()).toEqual([]);
  }
  const disturbed = Object.values(world.tenant.cloud.requestCounts()).reduce((sum, { faulted }) => sum + faulted, 0);
  console.log(`model test: ${batches * BATCH} rounds, ${disturbed} disturbed requests to DynamoDB`);
  expect(disturbed).toBeGreaterThan(0);
});
