import { startDynamoDb } from "../../../../sandbox/aws/dynamodb/engine.ts";

const { endpoint } = await startDynamoDb();
process.stdout.write(`${endpoint}\n`);
setInterval(() => undefined, 1000);
