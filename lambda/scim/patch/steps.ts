import type { JsonValue } from "../../model.ts";
import { checkOnce, checkPlaced, isMembers, isReadOnly } from "../document/index.ts";
import { ScimError } from "../error.ts";
import type { Filter } from "../filter/index.ts";
import type { ResourceType } from "../schema/index.ts";
import { findSchema, pathIn, type Resolved } from "../schema/resolve.ts";
import { isObject } from "../values/json.ts";
import { fromText, unwrap } from "../values/text.ts";
import type { Operation } from "./operations.ts";
import { readPath, type Path } from "./path.ts";

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

/** The 400 `noTarget` of a path whose value filter selects nothing (RFC 7644 §3.5.2.3). */
export function noTarget(path: string): ScimError {
  return ScimError.noTarget(`${path} matches no value of the resource.`);
}

/**
 * Resolves operations into steps. Two kinds of paths are dropped: attributes that RFC 7643 defines and the tenant does not
 * retain, and every path under the URN of a schema that the directory does not know. Throws 400 `invalidPath`, `invalidFilter`, `mutability`
 * for a read-only path, `invalidValue`.
 */
export function readSteps(type: ResourceType, operations: readonly Operation[]): Step[] {
  return operations.flatMap((operation) => {
    const { op, path, value } = operation;
    if (path === undefined) return withoutPath(type, op, value);
    const schema = findSchema(type, path);
    if (schema !== undefined) return wholeSchema(type, operation, schema, new Set());
    const found = readPath(type, path);
    if (found === "foreign") return [];
    if (!found) {
      const shown = JSON.stringify(path.slice(0, 100));
      throw ScimError.invalidPath(`${shown} is not an attribute of ${type.name}.`);
    }
    if (found.target.attribute.name === "schemas") return [];
    if (isReadOnly(found.target)) throw ScimError.mutability(`${path} is read-only.`);
    return isEffective(type, found) ? [stepOf(op, found, value, path)] : [];
  });
}

/**
 * Whether a path can have an effect or fail: it is retained, or it has the value filter of a retained attribute, which must
 * match although the sub-attribute is dropped.
 */
function isEffective(type: ResourceType, { target, filter }: Path): boolean {
  return target.retained || (filter !== undefined && isMembers(type, target));
}

/** An object or a list may come as JSON in a text. A text that is none is a text, such as the bare id of a member. */
function stepOf(op: Step["op"], { target, filter }: Path, value: JsonValue | undefined, path: string): Step {
  const isStructured = target.attribute.type === "complex" && !target.sub && value !== undefined;
  return { op, target, filter, value: isStructured ? (fromText(value, path) ?? value) : value, path };
}

/**
 * The keys of a value without a path name attributes. Okta's rename carries `id`: read-only and unknown keys are ignored,
 * as on PUT. Entra writes dotted, URN and even filtered keys: each is read as a path.
 */
function withoutPath(type: ResourceType, op: Operation["op"], value: JsonValue | undefined): Step[] {
  if (!isObject(value)) throw ScimError.invalidValue(`${op} without a path needs an object as its value.`);
  return ofKeys(type, op, Object.entries(value), new Set());
}

/** `given` are the attributes that keys before name, as `checkOnce` keeps them. */
function ofKeys(
  type: ResourceType,
  op: Operation["op"],
  keys: readonly (readonly [path: string, value: JsonValue])[],
  given: Set<string>,
): Step[] {
  return keys.flatMap(([path, item]) => {
    const schema = findSchema(type, path);
    if (schema !== undefined) return wholeSchema(type, { op, path, value: item }, schema, given);
    const found = readPath(type, path);
    if (!found) checkPlaced(type, path);
    if (!found || found === "foreign") return [];
    if (!found.filter) checkOnce(given, found.target, item, path);
    return isEffective(type, found) && !isReadOnly(found.target) ? [stepOf(op, found, item, path)] : [];
  });
}

/** The URN of a schema stands for all of its attributes: of an extension, or of the core. */
function wholeSchema(type: ResourceType, operation: Operation, schema: string, given: Set<string>): Step[] {
  const { op, value: sent = null } = operation;
  const inner = unwrap(sent, schema);
  const value = inner === undefined ? sent : inner;
  if (op !== "remove" && isObject(value)) {
    const keys = Object.entries(value).map(([key, item]) => [pathIn(schema, key), item] as const);
    return ofKeys(type, op, keys, given);
  }
  if (op !== "remove" && value !== null) throw ScimError.invalidValue(`${schema} must be an object.`);
  if (op === "add") return [];
  if (schema === type.known.schema.id) {
    throw ScimError.mutability(`${schema} has attributes that are required; remove single attributes.`);
  }
  const retained = type.extensions.find(({ id }) => id === schema)?.attributes ?? [];
  return retained.map((attribute) => ({
    op: "remove",
    target: { extension: schema, attribute, sub: undefined, known: attribute, retained: true },
    filter: undefined,
    value: undefined,
    path: `${schema}:${attribute.name}`,
  }));
}
