import { expect, it } from "vitest";
import type { DynamoDBRecord } from "aws-lambda";
import { mapBounded } from "../../../lambda/concurrency.ts";
import type { Claims } from "../../../lambda/events/set.ts";
import { eventUris } from "../../../lambda/scim/eventUris.ts";
import { memoryPublisher } from "../../support/lambda/events/publisher.ts";
import { textOf } from "../../support/lambda/events/receiver.ts";
import { groupImage, record, userImage } from "../../support/lambda/events/records.ts";
import { startEventTenant } from "../../support/lambda/events/tenant.ts";

const PEOPLE = 10_000;
/** Records of a batch of the event source mapping. */
const BATCH = 100;
/** Members that one PATCH adds. */
const PATCHED = 5;

const ids = Array.from({ length: PEOPLE }, (_, at) => `${String(at).padStart(8, "0")}-7f76-453a-919d-413861904646`);

it("tells each of 10,000 people, and a group that 2,000 PATCHes put them into in a few events", async () => {
  const memory = await memoryPublisher([{ name: "hr", id: "1", delivery: "poll", mode: "full" }]);
  const follow = async (records: readonly DynamoDBRecord[]): Promise<string[]> => {
    for (let at = 0; at < records.length; at += BATCH) await memory.publish(records.slice(at, at + BATCH));
    return memory.take("hr").map(({ sub_id }) => textOf(sub_id["uri"]));
  };
  const created = ids.map((id) => {
    const image = userImage(1, { userName: `${id}@example.com`, active: true }, "create");
    return record(undefined, { ...image, pk: { S: `U#${id}` } });
  });
  expect(await follow(created)).toEqual(ids.map((id) => `/Users/${id}`));

  const group = (version: number) => {
    const members = ids.slice(0, (version - 1) * PATCHED);
    const mark = { how: "patch", members: { add: members.slice(-PATCHED), remove: [] } } as const;
    return groupImage(version, { displayName: "Everybody" }, { members, mark });
  };
  const patched = Array.from({ length: PEOPLE / PATCHED }, (_, at) => record(group(at + 1), group(at + 2)));
  const told = await follow(patched);
  expect(new Set(told).size).toBe(1);
  expect(told).toHaveLength(PEOPLE / PATCHED / BATCH);
});

// The time that the engine takes for a stream grows with the square of its records: 10,000 people take ten minutes.
it("tells each person that the directory creates, and the list that it puts all of them into in one event", async () => {
  const tenant = await startEventTenant();
  try {
    const memory = await memoryPublisher([{ name: "hr", id: "0a1b2c3d", delivery: "poll", mode: "full" }]);
    const follow = async (): Promise<Claims[]> => {
      const records = await tenant.stream.read();
      for (let at = 0; at < records.length; at += BATCH) await memory.publish(records.slice(at, at + BATCH));
      return memory.take("hr");
    };
    const people = await mapBounded(ids.slice(0, 1_500), 16, async (name) => {
      const { id } = await tenant.directory.createUser({ userName: `${name}@example.com`, active: true });
      return id;
    });
    expect((await follow()).map(({ sub_id }) => textOf(sub_id["uri"])).sort()).toEqual(
      people.map((id) => `/Users/${id}`).sort(),
    );
    const { id } = await tenant.directory.createGroup({ displayName: "Everybody" }, new Set());
    await tenant.directory.updateGroup(
      id,
      ({ attributes }) => ({ attributes, members: { kind: "replace", members: new Set(people) } }),
      { how: "put" },
    );
    const [created, put, ...others] = await follow();
    expect(others).toEqual([]);
    expect(Object.keys(created?.events ?? {})).toEqual([eventUris.create.full]);
    expect(put?.events).toMatchObject({ [eventUris.put.notice]: { attributes: ["members"] } });
  } finally {
    await tenant.close();
  }
});
