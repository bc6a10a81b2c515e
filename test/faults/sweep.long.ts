import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operations } from "./operations.ts";
import { countRequests, disturb, kinds, makePeople } from "./sweep.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let people: string[];

beforeAll(async () => {
  world = await startWorld();
  people = await makePeople(world);
}, 60_000);
afterAll(() => world?.close());

describe.each(operations)("$name", (operation) => {
  let requests = 0;
  beforeEach(async () => {
    requests ||= await countRequests(world, operation, people);
  });

  it.each(kinds)("is done once and wholly, whichever of its DynamoDB requests meets the fault: %s", async (kind) => {
    expect(requests).toBeGreaterThan(0);
    for (let k = 0; k < requests; k += 1) await disturb(world, operation, people, kind, k);
    expect(await world.invariants()).toEqual([]);
  });
});
