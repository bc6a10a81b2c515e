import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { newUser } from "../../support/lambda/faults/operations.ts";
import { startWorld, type World } from "../../support/lambda/faults/world.ts";

/** Write units a second of a partition key: a tenth of AWS's. */
const WRITE_UNITS = 100;
/** A tenth of ten thousand. */
const MEMBERS = 1_000;
/** Milliseconds between small changes. */
const EVERY = 3_000;

let world: World;
const ids: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  while (ids.length < MEMBERS) ids.push(...(await Promise.all(Array.from({ length: 20 }, () => newUser(world)))));
});
afterAll(() => world.close());

/** Puts all people into a new group while others change it. @returns seconds, and the share of throttled transactions */
async function push(): Promise<{ readonly seconds: number; readonly throttled: number }> {
  const displayName = `Everybody ${randomUUID()}`;
  const { body } = await world.scim("POST", "/Groups", { displayName, members: [] });
  const path = `/Groups/${z.object({ id: z.string() }).parse(body).id}`;
  const [small = "", ...large] = ids;
  const { cloud } = world.tenant;
  cloud.keyLimit = { writeUnits: WRITE_UNITS };
  const counted = () => cloud.requestCounts()["TransactWriteItems"] ?? { requests: 0, throttled: 0 };
  const before = { ...counted() };
  let isOver = false;
  const changeBeside = async () => {
    for (let at = 0; !isOver; at += 1) {
      const op = at % 2 === 0 ? "add" : "remove";
      const Operations = [
        op === "add"
          ? { op, path: "members", value: [{ value: small }] }
          : { op, path: `members[value eq "${small}"]` },
      ];
      await world.scim("PATCH", path, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });
      await sleep(EVERY);
    }
  };
  const others = changeBeside();
  const started = performance.now();
  const members = large.map((value) => ({ value }));
  const { status, failedBefore } = await world.scim("PUT", path, { displayName, members });
  const seconds = (performance.now() - started) / 1_000;
  isOver = true;
  await others;
  cloud.keyLimit = undefined;
  const requests = counted().requests - before.requests;
  const throttled = counted().throttled - before.throttled;
  console.log(
    `push: ${seconds.toFixed(1)} s, ${failedBefore} × 429, ${throttled} of ${requests} transactions throttled`,
  );
  expect(status).toBe(200);
  expect(await world.invariants()).toEqual([]);
  return { seconds, throttled: throttled / requests };
}

// The limit is one of real seconds: a busy machine can miss it once.
it(
  "at a tenth of a key's limit, a push during small changes takes at most twice the limit's time",
  { retry: 2 },
  async () => {
    const { seconds, throttled } = await push();
    expect(throttled).toBeLessThanOrEqual(0.2);
    expect(seconds).toBeLessThanOrEqual((2 * MEMBERS * 2) / WRITE_UNITS);
  },
);
