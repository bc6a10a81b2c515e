import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** A function that creates the same AWS client as ours and does nothing with it: the lower bound of a start. */
export const client = new DynamoDBClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 },
});

export const handler = async () => ({ statusCode: 200, body: "{}" });
