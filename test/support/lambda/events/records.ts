import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { digestOf } from "../../../../lambda/directory/digest.ts";
import { markedItem, type Mark } from "../../../../lambda/directory/marks.ts";
import type { JsonObject } from "../../../../lambda/model.ts";

export const USER_ID = "2819c223-7f76-453a-919d-413861904646";
const GROUP_ID = "e9e30dba-f08f-4109-8486-d5c6a331660a";
export const MEMBER_ID = "902c246b-6245-4190-8e05-00816be7344a";

type Image = Record<string, AttributeValue>;

const marks = (transaction: string | undefined, mark: Mark): Image =>
  // The items of resources have texts and flags only.
  markedItem({ transaction } as Parameters<typeof markedItem>[0], mark) as Image;

/** The item of a user, as the directory writes it. */
export const userImage = (
  version: number,
  attributes: JsonObject,
  how: Mark["how"] = "patch",
  transaction: string | undefined = `request-${version}`,
): Image => ({
  ...{ pk: { S: `U#${USER_ID}` }, sk: { S: "#" }, doc: { S: JSON.stringify(attributes) }, v: { N: String(version) } },
  ...{ c: { S: "2026-11-26T00:00:00.000Z" }, m: { S: "2026-11-26T01:00:00.000Z" }, nk: { S: "hash" } },
  ...marks(transaction, { how }),
});

/** The item of a group with these members; `mark` names how the last change came to them. */
export const groupImage = (
  version: number,
  attributes: JsonObject,
  {
    members = [],
    mark = { how: "patch" },
    transaction = `request-${version}`,
    more = {},
  }: {
    readonly members?: readonly string[];
    readonly mark?: Mark;
    readonly transaction?: string | undefined;
    readonly more?: Image;
  } = {},
): Image => ({
  ...{ pk: { S: `G#${GROUP_ID}` }, sk: { S: "#" }, doc: { S: JSON.stringify(attributes) }, v: { N: String(version) } },
  ...{ c: { S: "2026-11-26T00:00:00.000Z" }, m: { S: "2026-11-26T01:00:00.000Z" }, nk: { S: "hash" } },
  ...{ e: { N: "0" }, d: { N: String(digestOf(members)) }, ...marks(transaction, mark), ...more },
});

let sequence = 0;

/** A record of the directory's stream; `undefined` for an item that is not there. */
export function record(before: Image | undefined, after: Image | undefined): DynamoDBRecord {
  return {
    eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
    dynamodb: {
      SequenceNumber: String((sequence += 1)),
      ...(before && { OldImage: before }),
      ...(after && { NewImage: after }),
    },
  };
}
