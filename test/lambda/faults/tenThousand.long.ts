import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "../../support/lambda/faults/world.ts";

const PEOPLE = 10_000;
const LANES = 8;
const PAGE = 200;

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const created = z.object({ id: z.string() });
const page = z.object({
  totalResults: z.number(),
  Resources: z.array(z.object({ id: z.string(), userName: z.string() })).default([]),
});
const group = z.object({ members: z.array(z.object({ value: z.string() })) });

/** Prints the time of a stage. It is only information. */
async function stage<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const done = await work();
  console.log(`ten thousand people: ${name} in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  return done;
}

it("creates ten thousand people, pushes them into one group and reads all of them back", async () => {
  const ids = new Map<string, string>();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < PEOPLE; at = next++) {
      const userName = `person${at}@example.com`;
      const { status, body } = await world.scim("POST", "/Users", { userName, externalId: `00u${at}`, active: true });
      expect(status).toBe(201);
      ids.set(created.parse(body).id, userName);
    }
  };
  await stage("created", () => Promise.all(Array.from({ length: LANES }, lane)));
  expect(ids.size).toBe(PEOPLE);

  const { body: made } = await world.scim("POST", "/Groups", { displayName: "Everybody", members: [] });
  const path = `/Groups/${created.parse(made).id}`;
  const members = [...ids].map(([value, display]) => ({ value, display }));
  const pushed = await stage("pushed into one group by a PUT", () =>
    world.scim("PUT", path, { displayName: "Everybody", members }),
  );
  expect(pushed.status).toBe(200);

  const everybody = [...ids.keys()].sort();
  const read = group.parse((await stage("group read back", () => world.scim("GET", path))).body);
  expect(read.members.map(({ value }) => value).sort()).toEqual(everybody);

  const seen = await stage("users read back in pages", async () => {
    const found: string[] = [];
    for (let startIndex = 1; ; startIndex += PAGE) {
      const { body } = await world.scim("GET", `/Users?startIndex=${startIndex}&count=${PAGE}`);
      const { totalResults, Resources } = page.parse(body);
      expect(totalResults).toBe(PEOPLE);
      for (const { id, userName } of Resources) expect(ids.get(id)).toBe(userName);
      found.push(...Resources.map(({ id }) => id));
      if (Resources.length === 0 || found.length >= totalResults) return found;
    }
  });
  expect(seen.sort()).toEqual(everybody);
  expect(await world.invariants()).toEqual([]);
});
