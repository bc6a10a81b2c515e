import type { JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { limits } from "../limits.ts";
import { isObject, ownAnyCase } from "../values/json.ts";
import { readOperationList, requireObject } from "../values/message.ts";
import { unwrap } from "../values/text.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export interface Operation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string | undefined;
  /** Undefined if the operation has none; null is a value. */
  readonly value: JsonValue | undefined;
}

/**
 * Reads the body of a PATCH (RFC 7644 §3.5.2). Names and `op` are compared without case, because Entra writes "Add". An
 * empty list of operations changes nothing; Entra's validator sends it. Throws 400 `invalidSyntax`, `noTarget` for a
 * remove without a path, or `invalidValue` for an operation without a value and beyond 1,000 operations.
 */
export function readOperations(body: JsonValue): Operation[] {
  const operations = readOperationList(requireObject(body), PATCH_OP);
  if (operations.length > limits.operations) {
    throw ScimError.invalidValue(
      `The PATCH has ${operations.length} operations; at most ${limits.operations} are accepted.`,
    );
  }
  return operations.map(readOperation);
}

function readOperation(item: JsonValue, index: number): Operation {
  const name = `Operations[${index}]`;
  if (!isObject(item)) throw ScimError.invalidSyntax(`${name} must be an object.`);
  const given = ownAnyCase(item, "op");
  const op = typeof given === "string" ? given.toLowerCase() : undefined;
  if (op !== "add" && op !== "remove" && op !== "replace") {
    throw ScimError.invalidSyntax(`${name}.op must be add, remove or replace.`);
  }
  const path = ownAnyCase(item, "path") ?? undefined;
  if (path !== undefined && typeof path !== "string") throw ScimError.invalidSyntax(`${name}.path must be a string.`);
  const value = ownAnyCase(item, "value");
  if (op === "remove" && path === undefined) throw ScimError.noTarget(`${name}: remove needs a path.`);
  if (op !== "remove" && value === undefined) throw ScimError.invalidValue(`${name}: ${op} needs a value.`);
  return { op, path: path?.trim(), value: path === undefined ? objectOf(value, `${name}.value`) : value };
}

/** The value of an operation without a path, which may be an object in a list of one, or in a text. */
function objectOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (value === undefined) return undefined;
  const read = unwrap(value, name);
  if (read === undefined) throw ScimError.invalidSyntax(`${name} is text that is not valid JSON.`);
  return read;
}
