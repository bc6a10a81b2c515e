import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCrowd, modelProperty } from "../../support/lambda/faults/rounds.ts";
import { startWorld, type World } from "../../support/lambda/faults/world.ts";

let world: World;
let crowd: string[];

beforeAll(async () => {
  world = await startWorld();
  crowd = await makeCrowd(world);
});
afterAll(() => world.close());

/** `npm run test:model` runs for minutes, and kills processes. */
it("behaves like its model, with concurrent requests and faults", async () => {
  await fc.assert(modelProperty(world, crowd, false), { numRuns: 40, endOnFailure: true });
  expect(await world.invariants()).toEqual([]);
});
