import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCrowd, modelProperty } from "./rounds.ts";
import { startWorld, type World } from "./world.ts";

/** MODEL_MINUTES: how long it plays; MODEL_SEED: the rounds and faults of an earlier run, though not its timing. */
const minutes = Number(process.env["MODEL_MINUTES"] ?? 5);
const seed = Number(process.env["MODEL_SEED"] ?? Date.now() % 2 ** 31);

let world: World;
let crowd: string[];

beforeAll(async () => {
  world = await startWorld();
  crowd = await makeCrowd(world);
}, 60_000);
afterAll(() => world?.close());

it("does what a model of it does for minutes, whoever comes at the same time and whatever fails", async () => {
  let rounds = 0;
  let disturbed = 0;
  console.log(`model test: seed ${seed}, ${minutes} minutes`);
  await fc.assert(
    modelProperty(world, crowd, true).afterEach(async () => {
      rounds += 1;
      if (rounds % 25 === 0) expect(await world.invariants()).toEqual([]);
    }),
    { seed, numRuns: 1_000_000, endOnFailure: true, interruptAfterTimeLimit: minutes * 60_000 },
  );
  for (const { faulted } of Object.values(world.tenant.cloud.requestCounts())) disturbed += faulted;
  console.log(`model test: ${rounds} rounds, ${disturbed} disturbed requests to DynamoDB`);
  expect(await world.invariants()).toEqual([]);
  expect(rounds).toBeGreaterThan(0);
});
