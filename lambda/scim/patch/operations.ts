import { ScimError } from "../error.ts";
import { isObject, ownAnyCase } from "../values/json.ts";
import type { JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export interface Operation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string | undefined;
  /** Undefined where the operation has none; null is a value. */
  readonly value: JsonValue | undefined;
}

/**
 * Reads the body of a PATCH (RFC 7644 §3.5.2). Names and `op` are matched without regard to case, as Entra writes
 * "Add"; an empty list of operations is a PATCH that changes nothing, as Entra's validator sends.
 * Throws 400 `invalidSyntax`, or 400 `invalidValue` beyond 1,000 operations.
 */
export function readOperations(body: JsonValue): Operation[] {
  if (!isObject(body)) throw ScimError.invalidSyntax("The body must be a JSON object.");
  const schemas = ownAnyCase(body, "schemas");
  if (schemas !== undefined && !(Array.isArray(schemas) && schemas.some(isPatchOp))) {
    throw ScimError.invalidSyntax(`schemas must be ["${PATCH_OP}"].`);
  }
  const operations = ownAnyCase(body, "Operations");
  if (!Array.isArray(operations)) throw ScimError.invalidSyntax("Operations must be an array.");
  if (operations.length > limits.operations) {
    throw ScimError.invalidValue(
      `The PATCH has ${operations.length} operations; at most ${limits.operations} are accepted.`,
    );
  }
  return operations.map(readOperation);
}

function isPatchOp(schema: JsonValue): boolean {
  return typeof schema === "string" && schema.toLowerCase() === PATCH_OP.toLowerCase();
}

function readOperation(item: JsonValue, index: number): Operation {
  const name = `Operations[${index}]`;
  if (!isObject(item)) throw ScimError.invalidSyntax(`${name} must be an object.`);
  const given = ownAnyCase(item, "op");
  const op = typeof given === "string" ? given.toLowerCase() : undefined;
  if (op !== "add" && op !== "remove" && op !== "replace")
    throw ScimError.invalidSyntax(`${name}.op must be add, remove or replace.`);
  const path = ownAnyCase(item, "path") ?? undefined;
  if (path !== undefined && typeof path !== "string") throw ScimError.invalidSyntax(`${name}.path must be a string.`);
  const value = ownAnyCase(item, "value");
  if (op === "remove" && path === undefined) {
    throw ScimError.noTarget(`${name}: remove needs a path.`);
  }
  if (op !== "remove" && value === undefined) throw ScimError.invalidValue(`${name}: ${op} needs a value.`);
  return { op, path, value };
}
