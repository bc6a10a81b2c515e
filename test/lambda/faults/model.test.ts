import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCrowd, runModel } from "../../support/lambda/faults/rounds.ts";
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
  await runModel(world, crowd, false, { numRuns: 40 });
  expect(await world.invariants()).toEqual([]);
});
