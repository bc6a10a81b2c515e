import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { lateRequests, makeCrowd, reclaimNames } from "../../support/lambda/faults/rounds.ts";
import { startWorld, type World } from "../../support/lambda/faults/world.ts";

/** Milliseconds. The function gives up on a request after 3 seconds. */
const TOO_LATE = 4_000;

const created = z.object({ id: z.string() });

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

it("frees the name of a group whose creation DynamoDB does after its client was refused", async () => {
  const { cloud } = world.tenant;
  const members = (await makeCrowd(world)).map((value) => ({ value }));
  const { body } = await world.scim("POST", "/Groups", { displayName: "Red" });
  let isFirst = true;
  cloud.faults = ({ action }) => {
    if (!isFirst || action !== "TransactWriteItems") return "pass";
    isFirst = false;
    return { delayMs: TOO_LATE };
  };
  expect((await world.scim("POST", "/Groups", { displayName: "Red", members })).status).toBe(409);
  await world.scim("DELETE", `/Groups/${created.parse(body).id}`);
  await cloud.settled();
  expect(lateRequests(world)).toBe(1);
  expect(await world.invariants()).toContainEqual(expect.stringMatching(/^G#.* is still hidden$/));
  expect((await world.scim("GET", "/Groups")).body).toMatchObject({ totalResults: 0 });
  await reclaimNames(world);
  expect(await world.invariants()).toEqual([]);
});
