import { expect, it } from "vitest";
import { createDraw } from "../../../sandbox/aws/dynamodb/faults/freedoms.ts";
import { startEventWorld } from "../../support/lambda/events/world.ts";
import { startFollower } from "../../support/lambda/events/follower.ts";
import { makeCrowd, runModel } from "../../support/lambda/faults/rounds.ts";

/** Rounds of concurrent requests for each seed. */
const ROUNDS = 15;

/** EVENT_SEED repeats one seed. */
const asked = process.env["EVENT_SEED"];
const seeds = asked === undefined ? [1, 2, 3] : [Number(asked)];

it.concurrent.each(seeds)(
  "a receiver ends with exactly the directory, with faults and kills: EVENT_SEED=%i",
  async (seed) => {
    const world = await startEventWorld();
    try {
      const follower = await startFollower(world, createDraw(seed));
      const crowd = await makeCrowd(world);
      const over = new AbortController();
      const following = (async () => {
        while (!over.signal.aborted) await follower.step();
      })();
      try {
        await runModel(world, crowd, true, { seed, numRuns: ROUNDS });
      } finally {
        over.abort();
        await following;
      }
      expect(await world.invariants()).toEqual([]);
      await follower.finish();
      const expected = await world.state();
      for (const receiver of follower.receivers) expect(receiver.state()).toEqual(expected);
      expect(follower.disorders).toEqual([]);
      // Every resource that events tell of and that was not deleted exists: there is no event of a group that was never shown.
      const uris = (prefix: string): Set<unknown> =>
        new Set(
          [...follower.told.values()]
            .filter(({ events }) =>
              Object.keys(events).some((uri) => uri.startsWith(`urn:ietf:params:scim:event:prov:${prefix}`)),
            )
            .map(({ sub_id }) => sub_id["uri"]),
        );
      const deleted = uris("delete");
      const left = [...uris("")].filter((uri) => !deleted.has(uri));
      expect(left.sort()).toEqual(Object.keys(expected).sort());
      expect([...deleted].filter((uri) => !uris("create").has(uri))).toEqual([]);
    } finally {
      await world.close();
    }
  },
);
