import { expect, it } from "vitest";
import type { DynamoDBRecord } from "aws-lambda";
import { memoryPublisher } from "../../support/lambda/events/publisher.ts";
import { textOf } from "../../support/lambda/events/receiver.ts";
import { groupImage, record, userImage } from "../../support/lambda/events/records.ts";

const PEOPLE = 10_000;
/** Records of a batch of the event source mapping. */
const BATCH = 100;
/** Members that one PATCH adds. */
const PATCHED = 5;

const ids = Array.from({ length: PEOPLE }, (_, at) => `${String(at).padStart(8, "0")}-7f76-453a-919d-413861904646`);

it("tells each of 10,000 people, and a group that 2,000 PATCHes put them into in a few events", async () => {
  const memory = await memoryPublisher([{ name: "hr", delivery: "poll", mode: "full" }]);
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
