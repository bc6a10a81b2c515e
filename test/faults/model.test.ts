import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCrowd, play, randomFaults, round } from "./rounds.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let crowd: string[];

beforeAll(async () => {
  world = await startWorld();
  crowd = await makeCrowd(world);
}, 60_000);
afterAll(() => world?.close());

/** `npm run test:model` plays for minutes, and kills processes. */
it("does what a model of it does, whoever comes at the same time and whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(round, fc.integer(), async (wishes, faultSeed) => {
      randomFaults(world, faultSeed, false);
      try {
        await play(world, crowd, wishes);
      } finally {
        world.tenant.cloud.faults = undefined;
      }
    }),
    { numRuns: 40, endOnFailure: true },
  );
  expect(await world.invariants()).toEqual([]);
}, 60_000);
