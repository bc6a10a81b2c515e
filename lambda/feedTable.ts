/**
 * The table of the events that receivers poll: one item for each receiver and Security Event Token (SET).
 *
 * | partition | sort | holds | attributes |
 * | --- | --- | --- | --- |
 * | `F#<feed>` | `<sequence>` | a SET that the receiver has not acknowledged | `set r at ttl` |
 * | `E#<feed>` | `<sequence>` | a SET that the receiver rejected | `set r at ttl err description` |
 *
 * | attribute | type | meaning |
 * | --- | --- | --- |
 * | `set` | S | the SET as a compact JWS |
 * | `r` | S | the resource it is about, relative to the base URL: `/Users/<id>` |
 * | `at` | N | when it was written, in milliseconds since 1970 |
 * | `ttl` | N | seconds since 1970 after which it is given no more, and DynamoDB deletes it |
 * | `err`, `description` | S | why the receiver rejected it |
 *
 * `<feed>` is the `feedOf` its receiver. `<sequence>` is the sequence number of the change in the directory's stream, padded to 40 digits: the changes of one resource are in order.
 */
export const feedTable = {
  hashKey: "pk",
  rangeKey: "sk",
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
  ],
  ttlAttribute: "ttl",
} as const;

/** The exact IAM actions on the feed table, by the function that needs them. */
export const feedActions = {
  publish: ["dynamodb:BatchWriteItem"],
  feed: ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:Query"],
  observe: ["dynamodb:Query"],
} as const;
