import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "./operations.ts";
import { countRequests, disturb, makePeople } from "./sweep.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let people: string[];

beforeAll(async () => {
  world = await startWorld();
  people = await makePeople(world);
}, 60_000);
afterAll(() => world?.close());

/** One of each mechanism; `npm run test:faults` has every operation and every kind of fault. */
const quick = ["PUT user under another name", "POST group of 120", "PATCH adds 3 members", "PATCH removes 120 members"];

describe.each(operations.filter(({ name }) => quick.includes(name)))("$name", (operation) => {
  it("is done once and wholly, whichever of its DynamoDB requests loses its answer", async () => {
    const requests = await countRequests(world, operation, people);
    expect(requests).toBeGreaterThan(0);
    for (let k = 0; k < requests; k += 1) await disturb(world, operation, people, "lost", k);
  });
});

it("leaves every name, count, listing and membership as it must be", async () => {
  expect(await world.invariants()).toEqual([]);
});
