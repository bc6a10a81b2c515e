import type { JsonValue } from "../../model.ts";
import { checkOnce, isReadOnly } from "../document/index.ts";
import { ScimError } from "../error.ts";
import type { Filter } from "../filter/index.ts";
import type { ResourceType } from "../schema/index.ts";
import { findSchema, type Resolved } from "../schema/resolve.ts";
import { isObject } from "../values/json.ts";
import type { Operation } from "./operations.ts";
import { readPath } from "./path.ts";

/** One change of one retained attribute. */
export interface Step {
  readonly op: Operation["op"];
  readonly target: Resolved;
  /** The value filter of the path, bound to the elements of the attribute. */
  readonly filter: Filter | undefined;
  readonly value: JsonValue | undefined;
  /** As the client wrote it, for messages. */
  readonly path: string;
}

export function noTarget(path: string): ScimError {
  return ScimError.noTarget(`${path} matches no value of the resource.`);
}

/**
 * Resolves operations into steps. What the tenant does not retain is dropped: attributes that RFC 7643 defines, and every
 * path under the URN of a schema that the directory does not know. Throws 400 `invalidPath`, `invalidFilter`, `mutability`
 * for a read-only path, `invalidValue`.
 */
export function readSteps(type: ResourceType, operations: readonly Operation[]): Step[] {
  return operations.flatMap((operation) => {
    const { op, path, value } = operation;
    if (path === undefined) return withoutPath(type, op, value);
    const schema = findSchema(type, path);
    if (schema !== undefined) return wholeSchema(type, operation, schema);
    const found = readPath(type, path);
    if (found === "foreign") return [];
    if (!found) {
      const shown = JSON.stringify(path.slice(0, 100));
      throw ScimError.invalidPath(`${shown} is not an attribute of ${type.name}.`);
    }
    if (found.target.attribute.name === "schemas") return [];
    if (isReadOnly(found.target)) throw ScimError.mutability(`${path} is read-only.`);
    return found.target.retained ? [{ op, ...found, value, path }] : [];
  });
}

/**
 * The keys of a value without a path name attributes. Okta's rename carries `id`: read-only and unknown keys are ignored,
 * as on PUT. Entra writes dotted, URN and even filtered keys: each is read as a path.
 */
function withoutPath(type: ResourceType, op: Operation["op"], value: JsonValue | undefined): Step[] {
  if (!isObject(value)) throw ScimError.invalidValue(`${op} without a path needs an object as its value.`);
  const given = new Set<string>();
  return Object.entries(value).flatMap(([path, item]) => {
    const schema = findSchema(type, path);
    if (schema !== undefined) return wholeSchema(type, { op, path, value: item }, schema);
    const found = readPath(type, path);
    if (!found || found === "foreign") return [];
    if (!found.filter) checkOnce(given, found.target, item, path);
    return found.target.retained && !isReadOnly(found.target) ? [{ op, ...found, value: item, path }] : [];
  });
}

/** The URN of a schema stands for all of its attributes: of an extension, or of the core. */
function wholeSchema(type: ResourceType, { op, value }: Operation, schema: string): Step[] {
  if (op !== "remove" && isObject(value)) {
    const prefixed = Object.entries(value).map(([name, item]): [string, JsonValue] => [`${schema}:${name}`, item]);
    return withoutPath(type, op, Object.fromEntries(prefixed));
  }
  if (op !== "remove" && value !== null) throw ScimError.invalidValue(`${schema} must be an object.`);
  if (op === "add") return [];
  if (schema === type.known.schema.id) {
    throw ScimError.mutability(`${schema} has attributes that are required; remove single attributes.`);
  }
  const retained = type.extensions.find(({ id }) => id === schema)?.attributes ?? [];
  return retained.map((attribute) => ({
    op: "remove",
    target: { extension: schema, attribute, sub: undefined, retained: true },
    filter: undefined,
    value: undefined,
    path: `${schema}:${attribute.name}`,
  }));
}
