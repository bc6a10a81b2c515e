import { isObject } from "../values/json.ts";
import { ScimError } from "../error.ts";
import { bindElementFilter, parseFilter, type Filter } from "../filter/index.ts";
import type { JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";
import type { ResourceType } from "../schema/index.ts";
import { findExtension, resolvePath, type Resolved } from "../schema/resolve.ts";
import type { Operation } from "./operations.ts";

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
 * Resolves operations into steps; what RFC 7643 defines and the tenant does not retain is dropped. Throws 400
 * `invalidPath`, `invalidFilter`, `mutability` for a read-only path, `invalidValue`.
 */
export function readSteps(type: ResourceType, operations: readonly Operation[]): Step[] {
  return operations.flatMap((operation) => {
    const { op, path, value } = operation;
    if (path === undefined) return withoutPath(type, op, value);
    const extension = findExtension(type, path);
    if (extension !== undefined) return wholeExtension(type, operation, extension);
    const found = readPath(type, path);
    if (!found) {
      const shown = JSON.stringify(path.slice(0, 100));
      throw ScimError.invalidPath(`${shown} is no path of ${type.name}.`);
    }
    if (found.target.attribute.name === "schemas") return [];
    if (isReadOnly(found.target)) throw ScimError.mutability(`${path} is read-only.`);
    return found.target.retained ? [{ op, ...found, value, path }] : [];
  });
}

function isReadOnly({ attribute, sub }: Resolved): boolean {
  return attribute.mutability === "readOnly" || sub?.mutability === "readOnly";
}

/**
 * The keys of a value without a path name attributes. Okta's rename carries `id`: read-only and unknown keys are left
 * out, as on PUT. Entra writes dotted, URN and even filtered keys: each is read as a path.
 */
function withoutPath(type: ResourceType, op: Operation["op"], value: JsonValue | undefined): Step[] {
  if (!isObject(value)) throw ScimError.invalidValue(`${op} without a path needs an object as its value.`);
  return Object.entries(value).flatMap(([path, item]) => {
    const extension = findExtension(type, path);
    if (extension !== undefined) return wholeExtension(type, { op, path, value: item }, extension);
    const found = readPath(type, path);
    return found?.target.retained && !isReadOnly(found.target) ? [{ op, ...found, value: item, path }] : [];
  });
}

function wholeExtension(type: ResourceType, { op, value }: Operation, extension: string): Step[] {
  if (op !== "remove" && isObject(value)) {
    const prefixed = Object.entries(value).map(([name, item]): [string, JsonValue] => [`${extension}:${name}`, item]);
    return withoutPath(type, op, Object.fromEntries(prefixed));
  }
  if (op !== "remove" && value !== null) throw ScimError.invalidValue(`${extension} must be an object.`);
  if (op === "add") return [];
  const retained = type.extensions.find(({ id }) => id === extension)?.attributes ?? [];
  return retained.map((attribute) => ({
    op: "remove",
    target: { extension, attribute, sub: undefined, retained: true },
    filter: undefined,
    value: undefined,
    path: `${extension}:${attribute.name}`,
  }));
}

/** Reads `attrPath` or `attribute[filter]` with an optional `.sub` (RFC 7644 §3.5.2). Undefined where it names nothing. */
function readPath(type: ResourceType, path: string): Pick<Step, "target" | "filter"> | undefined {
  if (path.length > limits.filter) return undefined;
  const open = path.indexOf("[");
  if (open < 0) {
    const target = resolvePath(type, path);
    return target && { target, filter: undefined };
  }
  const close = path.lastIndexOf("]");
  const rest = path.slice(close + 1);
  if (close < open || (rest !== "" && !rest.startsWith("."))) return undefined;
  const attribute = resolvePath(type, path.slice(0, open));
  if (!attribute || attribute.sub || !attribute.attribute.multiValued || attribute.attribute.type !== "complex") {
    return undefined;
  }
  const target = rest === "" ? attribute : resolvePath(type, path.slice(0, open) + rest);
  return target && { target, filter: bindElementFilter(target.attribute, parseFilter(path.slice(open + 1, close))) };
}
