import { expect, it } from "vitest";
import { lateRequests, makeCrowd, reclaimNames, runModel } from "../../support/lambda/faults/rounds.ts";
import { startWorld } from "../../support/lambda/faults/world.ts";

/** MODEL_MINUTES: the duration of all seeds; MODEL_SEED: repeats the rounds and faults of one seed, but not their timing. */
const minutes = Number(process.env["MODEL_MINUTES"] ?? 5);
const asked = process.env["MODEL_SEED"];
const seeds = asked === undefined ? [1_000, 2_000, 3_000, 10_000 + (Date.now() % 2 ** 30)] : [Number(asked)];

/** Rounds after which the whole table is checked. */
const BATCH = 25;

it.each(seeds)(
  "behaves like its model for minutes, with concurrent requests and faults: MODEL_SEED=%i",
  async (seed) => {
    console.log(`model test: MODEL_SEED=${seed}, ${minutes / seeds.length} minutes`);
    // An empty directory for each seed, so that a repetition starts in the same state.
    const world = await startWorld();
    try {
      const crowd = await makeCrowd(world);
      const end = Date.now() + (minutes / seeds.length) * 60_000;
      let batches = 0;
      // In batches that each end: fast-check's own time limit would inspect the directory while requests are in flight.
      for (; Date.now() < end; batches += 1) {
        const lateBefore = lateRequests(world);
        await runModel(world, crowd, true, { seed: seed + batches, numRuns: BATCH });
        if (lateRequests(world) > lateBefore) await reclaimNames(world);
        expect(await world.invariants()).toEqual([]);
      }
      const disturbed = Object.values(world.tenant.cloud.requestCounts()).reduce((sum, one) => sum + one.faulted, 0);
      console.log(`model test: ${batches * BATCH} rounds, ${disturbed} disturbed requests to DynamoDB`);
      expect(disturbed).toBeGreaterThan(0);
    } finally {
      await world.close();
    }
  },
);
