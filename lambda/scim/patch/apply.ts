import { ScimError } from "../error.ts";
import { coerceAttribute, coerceElements, coerceSingle } from "../document/coerce.ts";
import { read, write } from "../values/place.ts";
import { isObject } from "../values/json.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import type { Attribute } from "../schema/attribute.ts";
import { addElements, checkElements, prune, removeElements, type Selection } from "./elements.ts";
import { elementOf } from "./entra.ts";
import { matches } from "../filter/index.ts";
import { noTarget, type Step } from "./steps.ts";

/** Applies one step to a document in place; the caller owns it and drops it where this throws. */
export function applyStep(document: JsonObject, step: Step): void {
  const { target } = step;
  const before = read(document, target);
  const after = target.attribute.multiValued ? changeMany(before, step) : changeOne(before, step);
  if (after === undefined && target.attribute.required) throw ScimError.mutability(`${step.path} is required.`);
  write(document, target, after);
}

function changeOne(before: JsonValue | undefined, { op, target, value = null, path }: Step): JsonValue | undefined {
  const { attribute, sub } = target;
  if (op === "add" && value === null) return before;
  if (sub) return withParts(attribute, before, { [sub.name]: op === "remove" ? null : value }, path, false);
  if (op === "remove" || value === null) return undefined;
  // Sub-attributes that the value does not name stay (RFC 7644 §3.5.2.1 and §3.5.2.3).
  if (attribute.type === "complex" && isObject(value)) return withParts(attribute, before, value, path, true);
  return coerceSingle(attribute, value, path);
}

/** A complex value with some of its parts set, and those that are null unassigned. */
function withParts(
  attribute: Attribute,
  before: JsonValue | undefined,
  parts: JsonObject,
  path: string,
  named: boolean,
): JsonValue | undefined {
  const result: JsonObject = isObject(before) ? { ...before } : {};
  const names = new Map(Object.entries(parts).map(([name, value]) => [name.toLowerCase(), value]));
  for (const sub of attribute.subAttributes ?? []) {
    const value = names.get(sub.name.toLowerCase());
    if (value === undefined || sub.mutability === "readOnly") continue;
    const coerced = coerceAttribute(sub, value, named ? `${path}.${sub.name}` : path);
    if (coerced === undefined) delete result[sub.name];
    else result[sub.name] = coerced;
  }
  return prune(result);
}

function changeMany(before: JsonValue | undefined, step: Step): JsonValue | undefined {
  const list = Array.isArray(before) ? before : [];
  const { items, touched } = step.filter || step.target.sub ? changeSelected(list, step) : changeAll(list, step);
  const result = checkElements(items, touched, step.path);
  return result.length > 0 ? result : undefined;
}

function changeAll(list: readonly JsonValue[], { op, target, value, path }: Step): Selection {
  const none: ReadonlySet<JsonValue> = new Set();
  if (value === null || value === undefined) {
    return { items: op === "add" ? list : [], touched: none };
  }
  const given = coerceElements(target.attribute, Array.isArray(value) ? value : [value], path);
  if (op === "remove") return { items: removeElements(list, given), touched: none };
  if (op === "replace") return { items: given, touched: new Set(given) };
  return addElements(list, given);
}

function changeSelected(list: readonly JsonValue[], step: Step): Selection {
  const { op, target, filter, value = null, path } = step;
  const { attribute, sub } = target;
  const touched = new Set<JsonValue>();
  const keep = (item: JsonValue | undefined): JsonValue[] => {
    if (item !== undefined) touched.add(item);
    return item === undefined ? [] : [item];
  };
  const change = (item: JsonValue): JsonValue | undefined => {
    if (op === "add" && value === null) return item;
    if (sub) return withParts(attribute, item, { [sub.name]: op === "remove" ? null : value }, path, false);
    if (op === "remove" || value === null) return undefined;
    if (!isObject(value)) throw ScimError.invalidValue(`${path} needs an object as its value.`);
    return op === "add" ? withParts(attribute, item, value, path, true) : coerceSingle(attribute, value, path);
  };
  const isMatch = (item: JsonValue): boolean => !filter || (isObject(item) && matches(filter, item));
  const found = list.filter(isMatch);
  if (found.length > 0) {
    return { items: list.flatMap((item) => (found.includes(item) ? keep(change(item)) : [item])), touched };
  }
  // Without a filter there is nothing that could fail to match: an unassigned attribute gets its first element.
  if (op === "remove") {
    if (filter) throw noTarget(path);
    return { items: list, touched };
  }
  if (!sub && op === "replace") throw noTarget(path);
  if (value === null) return { items: list, touched };
  const seed = filter ? elementOf(filter) : {};
  if (!seed) throw noTarget(path);
  return { items: [...list, ...keep(change(seed))], touched };
}
