import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import type { Usage } from "../model.ts";
import type { DynamoDb, Operation } from "./client.ts";
import { isThrottle } from "./transient.ts";

const reading: ReadonlySet<Operation> = new Set<Operation>(["GetItem", "Query", "BatchGetItem", "TransactGetItems"]);
const none: Usage = { requests: 0, readUnits: 0, writeUnits: 0, throttles: 0 };

/** A client that counts its requests. */
export interface Metered extends DynamoDb {
  /** Returns the counts and starts again at zero, which fits a process that serves one request at a time. */
  takeUsage(): Usage;
}

/**
 * Counts the requests of a client by asking DynamoDB to report the consumed capacity in each answer, which costs
 * nothing. Each retry counts.
 */
export function metered(client: DynamoDb): Metered {
  let usage = { ...none };
  return {
    async send(operation, input, milliseconds) {
      usage.requests += 1;
      try {
        const output = await client.send(operation, { ...input, ReturnConsumedCapacity: "TOTAL" }, milliseconds);
        usage[reading.has(operation) ? "readUnits" : "writeUnits"] += unitsOf(output.ConsumedCapacity);
        return output;
      } catch (error) {
        if (isThrottle(error)) usage.throttles += 1;
        throw error;
      }
    },
    takeUsage() {
      const taken = usage;
      usage = { ...none };
      return taken;
    },
  };
}

const unitsOf = (consumed: ConsumedCapacity | ConsumedCapacity[] | undefined): number =>
  [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
