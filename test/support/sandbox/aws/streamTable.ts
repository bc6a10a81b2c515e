import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Properties } from "../../../../sandbox/engine/provider.ts";
import { allow, type EventLab } from "./eventLab.ts";

export const TABLE = "aws:dynamodb/table:Table";
const STREAM = { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" };

/** The inputs of a table with a partition key and a sort key. */
export const tableInputs = (name: string, more: Properties = STREAM): Properties => ({
  ...{ name, hashKey: "pk", rangeKey: "sk", billingMode: "PAY_PER_REQUEST" },
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
  ],
  ...more,
});

/** The actions with which a function's role reads a stream. */
export const readsStream = (streamArn: string): object =>
  allow(
    streamArn,
    ...["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"].map((action) => `dynamodb:${action}`),
  );

export interface StreamTable {
  readonly name: string;
  readonly outputs: Properties;
  readonly streamArn: string;
  put(pk: string, n: number, sk?: string): Promise<void>;
  /** Writes one attribute of an item. */
  set(pk: string, value: object): Promise<void>;
}

let number = 0;

/** A table with a stream. */
export async function streamTable(lab: EventLab): Promise<StreamTable> {
  const name = `table-${number++}`;
  const { outputs } = await lab.create(TABLE, tableInputs(name));
  return {
    ...{ name, outputs, streamArn: String(outputs["streamArn"]) },
    async put(pk, n, sk = "#") {
      const Item = { pk: { S: pk }, sk: { S: sk }, n: { N: String(n) } };
      await lab.dynamodb.send(new PutItemCommand({ TableName: name, Item }));
    },
    async set(pk, value) {
      await lab.dynamodb.send(
        new UpdateItemCommand({
          ...{ TableName: name, Key: { pk: { S: pk }, sk: { S: "#" } }, UpdateExpression: "SET v = :v" },
          ExpressionAttributeValues: { ":v": value as never },
        }),
      );
    },
  };
}

/** A handler that writes the batch's records, as `pk:n`, on one line. */
export const SHOW_BATCH =
  'const show = ({ Records }) => console.log(JSON.stringify(Records.map(({ dynamodb: { Keys, NewImage } }) => Keys.pk.S + ":" + NewImage?.n.N)));';

/** Declares a mapping of a table's stream. @returns its id */
export async function mapStream(
  lab: EventLab,
  table: StreamTable,
  code: string,
  more: Properties = {},
  ...statements: object[]
): Promise<string> {
  const functionName = await lab.deploy(code, readsStream(table.streamArn), ...statements);
  const inputs = { eventSourceArn: table.streamArn, functionName, startingPosition: "TRIM_HORIZON", ...more };
  return (await lab.create("aws:lambda/eventSourceMapping:EventSourceMapping", inputs)).id;
}
