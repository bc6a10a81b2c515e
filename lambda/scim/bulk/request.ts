import { defined } from "../../defined.ts";
import { ScimError } from "../error.ts";
import { isObject, ownAnyCase } from "../values/json.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";
import { declaredId, type BulkOperation } from "./operation.ts";

const BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  /** Errors after which the rest is left undone. */
  readonly failOnErrors: number;
}

/**
 * Reads a bulk request (RFC 7644 §3.7). Throws 400 `invalidSyntax` or `invalidValue`, and 413 for more than 500
 * operations; then nothing was done.
 */
export function readBulkRequest(body: JsonValue): BulkRequest {
  if (!isObject(body)) throw ScimError.invalidSyntax("The body must be a JSON object.");
  const schemas = ownAnyCase(body, "schemas");
  const isBulk = (schema: JsonValue): boolean =>
    typeof schema === "string" && schema.toLowerCase() === BULK_REQUEST.toLowerCase();
  if (schemas !== undefined && !(Array.isArray(schemas) && schemas.some(isBulk))) {
    throw ScimError.invalidSyntax(`schemas must be ["${BULK_REQUEST}"].`);
  }
  const operations = ownAnyCase(body, "Operations");
  if (!Array.isArray(operations)) throw ScimError.invalidSyntax("Operations must be an array.");
  if (operations.length > limits.bulkOperations) {
    throw ScimError.tooLarge(
      `The request has ${operations.length} operations; maxOperations is ${limits.bulkOperations}.`,
    );
  }
  const read = operations.map(readOperation);
  const declared = new Set<string>();
  for (const operation of read) {
    const id = declaredId(operation);
    if (id !== undefined && declared.has(id))
      throw ScimError.invalidValue(`Two operations have the bulkId ${quote(id)}.`);
    if (id !== undefined) declared.add(id);
  }
  return { operations: read, failOnErrors: readFailOnErrors(ownAnyCase(body, "failOnErrors") ?? undefined) };
}

function readFailOnErrors(value: JsonValue | undefined): number {
  if (value === undefined) return Infinity;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
    throw ScimError.invalidValue("failOnErrors must be an integer of at least 1; leave it out to do every operation.");
  }
  return value;
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
    version: text("version"),
    path: text("path") ?? "",
    data: ownAnyCase(item, "data"),
  };
}

/** What became of one operation. */
export interface BulkResult {
  readonly operation: BulkOperation;
  readonly status: number;
  /** The address of the resource; undefined where none was made. */
  readonly location: string | undefined;
  readonly version: string | undefined;
  /** The answer's body, of an operation that failed. */
  readonly response: JsonObject | undefined;
}

/** The answer to a bulk request (RFC 7644 §3.7): what became of each operation that was done, in the order of the request. */
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

const quote = (text: string): string => JSON.stringify(text.slice(0, 100));
