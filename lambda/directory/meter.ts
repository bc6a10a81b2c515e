import type { ConsumedCapacity, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Usage } from "../model.ts";
import { isThrottle } from "./transient.ts";

const reading = new Set(["GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"]);
const none: Usage = { requests: 0, readUnits: 0, writeUnits: 0, throttles: 0 };

/**
 * Counts the requests of a client by asking DynamoDB to report the consumed capacity in each answer, which costs
 * nothing. The returned function returns the counts and starts again at zero, which fits a process that serves one
 * request at a time.
 */
export function meter(client: DynamoDBClient): () => Usage {
  let usage = none;
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } });
        const units = unitsOf(result.output);
        if (reading.has(commandName.replace(/Command$/, ""))) usage = { ...usage, readUnits: usage.readUnits + units };
        else usage = { ...usage, writeUnits: usage.writeUnits + units };
        return result;
      },
    { step: "initialize", name: "measureCapacity" },
  );
  // Below the SDK's own retries, so that each retry counts.
  client.middlewareStack.add(
    (next) => async (args) => {
      usage = { ...usage, requests: usage.requests + 1 };
      try {
        return await next(args);
      } catch (error) {
        if (isThrottle(error)) usage = { ...usage, throttles: usage.throttles + 1 };
        throw error;
      }
    },
    { step: "finalizeRequest", priority: "low", name: "countRequests" },
  );
  return () => {
    const taken = usage;
    usage = none;
    return taken;
  };
}

function unitsOf(output: { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] } | object): number {
  if (!("ConsumedCapacity" in output)) return 0;
  return [output.ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
