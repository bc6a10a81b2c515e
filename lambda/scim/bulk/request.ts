import { defined } from "../../defined.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import { isObject, ownAnyCase } from "../values/json.ts";
import { fromText } from "../values/text.ts";
import { readOperationList, requireObject } from "../values/message.ts";
import { declaredId, type BulkOperation } from "./operation.ts";

const BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  /** The number of errors after which the remaining operations are not performed. */
  readonly failOnErrors: number;
}

/**
 * Reads a bulk request (RFC 7644 §3.7). Throws 400 `invalidSyntax` or `invalidValue`, and 413 for more than 500
 * operations, before any operation is performed.
 */
export function readBulkRequest(body: JsonValue): BulkRequest {
  const request = requireObject(body);
  const list = readOperationList(request, BULK_REQUEST);
  if (list.length > limits.bulkOperations) {
    throw ScimError.tooLarge(
      `The request has ${list.length} operations; maxOperations is ${limits.bulkOperations}. Send several requests.`,
    );
  }
  const operations = list.map(readOperation);
  const declared = new Set<string>();
  for (const operation of operations) {
    const id = declaredId(operation);
    if (id === undefined) continue;
    if (declared.has(id)) {
      throw ScimError.invalidValue(`Two operations have the bulkId ${JSON.stringify(id.slice(0, 100))}.`);
    }
    declared.add(id);
  }
  return { operations, failOnErrors: readFailOnErrors(ownAnyCase(request, "failOnErrors") ?? 0) };
}

/** Some clients send 0 as their default, which sets no bound, or the number as a text. */
function readFailOnErrors(given: JsonValue): number {
  const value = typeof given === "string" && /^\d{1,9}$/.test(given) ? Number(given) : given;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw ScimError.invalidValue(
      "failOnErrors must be an integer of at least 1. Leave it out, or send 0, to do every operation.",
    );
  }
  return value === 0 ? Infinity : value;
}

function readOperation(item: JsonValue, index: number): BulkOperation {
  if (!isObject(item)) throw ScimError.invalidSyntax(`Operations[${index}] must be an object.`);
  const text = (name: string): string | undefined => {
    const value = ownAnyCase(item, name) ?? undefined;
    if (value !== undefined && typeof value !== "string") {
      throw ScimError.invalidSyntax(`Operations[${index}].${name} must be a string.`);
    }
    return value;
  };
  return {
    method: text("method")?.toUpperCase() ?? "",
    bulkId: text("bulkId"),
    version: text("version") || undefined,
    path: text("path") ?? "",
    data: readData(ownAnyCase(item, "data")),
  };
}

/** The data may come as JSON in a text. Any other text is a mistake of the operation, found when its turn comes. */
function readData(data: JsonValue | undefined): JsonValue | undefined {
  return data === undefined ? undefined : (fromText(data, "data") ?? data);
}

/** The result of one operation. */
export interface BulkResult {
  readonly operation: BulkOperation;
  readonly status: number;
  /** The address of the resource; undefined if none was created. */
  readonly location: string | undefined;
  readonly version: string | undefined;
  /** The error response of an operation that failed. */
  readonly response: JsonObject | undefined;
}

/**
 * The response to a bulk request (RFC 7644 §3.7): the result of each performed operation, in the order of the request.
 */
export function bulkResponse(results: readonly BulkResult[]): JsonObject {
  return {
    schemas: [BULK_RESPONSE],
    Operations: results.map(({ operation, status, location, version, response }) => ({
      method: operation.method,
      ...defined({ bulkId: operation.bulkId, location, version }),
      status: String(status),
      ...defined({ response }),
    })),
  };
}
