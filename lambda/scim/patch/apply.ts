import type { JsonObject, JsonValue } from "../../model.ts";
import { coerceAttribute, coerceElements, coerceSingle } from "../document/coerce.ts";
import { ScimError } from "../error.ts";
import { matches } from "../filter/index.ts";
import type { Attribute } from "../schema/attribute.ts";
import { findAttribute } from "../schema/resolve.ts";
import { isObject, oneOf } from "../values/json.ts";
import { read, write } from "../values/place.ts";
import { prune, removeElements, settle, type Selection } from "./elements.ts";
import { checkCreated, elementOf } from "./entra.ts";
import { noTarget, type Step } from "./steps.ts";

/**
 * Applies steps in order, to a document that the caller owns and drops if this throws 400 `noTarget`, `invalidValue` or
 * `mutability`.
 */
export function applySteps(document: JsonObject, steps: readonly Step[]): void {
  const creating = steps.filter((step) => applyStep(document, step));
  for (const step of creating) checkCreated(document, step);
}

/** Whether the step created the element that its path describes. */
function applyStep(document: JsonObject, step: Step): boolean {
  const { target, path } = step;
  const before = read(document, target);
  if (!target.attribute.multiValued) {
    const after = changeOne(before, step);
    if (after === undefined && target.attribute.required) throw ScimError.mutability(`${path} is required.`);
    write(document, target, after);
    return false;
  }
  const list = Array.isArray(before) ? before : [];
  const selection = step.filter || target.sub ? changeSelected(list, step) : changeAll(list, step);
  if (selection.items === list) return false;
  const after = settle(target.attribute, selection, path);
  write(document, target, after.length > 0 ? after : undefined);
  return selection.isCreation ?? false;
}

function changeOne(before: JsonValue | undefined, step: Step): JsonValue | undefined {
  const { op, target, path } = step;
  const { attribute, sub } = target;
  const value = oneOf(step.value ?? null);
  if (op === "add" && value === null) return before;
  if (sub) return withPart(sub, before, op === "remove" ? null : value, path);
  if (op === "remove" || value === null) return undefined;
  // Sub-attributes that the value does not name stay (RFC 7644 §3.5.2.1 and §3.5.2.3).
  if (attribute.type === "complex" && isObject(value)) {
    if (op === "replace") checkKnown(target.known, value, path);
    return withParts(attribute, before, value, path);
  }
  return coerceSingle(attribute, value, path);
}

/** A complex value with one part set, or unassigned if the part is null. */
function withPart(
  sub: Attribute,
  before: JsonValue | undefined,
  value: JsonValue,
  path: string,
): JsonValue | undefined {
  const result: JsonObject = isObject(before) ? { ...before } : {};
  const coerced = coerceAttribute(sub, value, path);
  if (coerced === undefined) delete result[sub.name];
  else result[sub.name] = coerced;
  return prune(result);
}

/** A complex value with the parts set that `parts` names, in any case. Unknown and read-only parts are ignored. */
function withParts(
  attribute: Attribute,
  before: JsonValue | undefined,
  parts: JsonObject,
  path: string,
): JsonValue | undefined {
  return Object.entries(parts).reduce((result: JsonValue | undefined, [name, value]) => {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    return !sub || sub.mutability === "readOnly" ? result : withPart(sub, result, value, `${path}.${sub.name}`);
  }, before);
}

function changeAll(list: readonly JsonValue[], { op, target, value, path }: Step): Selection {
  const { attribute } = target;
  if (value === null || value === undefined) return { items: op === "add" ? list : [], touched: new Set() };
  const sent = Array.isArray(value) ? value : [value];
  const given = coerceElements(attribute, sent, path);
  if (op === "remove") return { items: removeElements(attribute, list, given), touched: new Set() };
  if (op === "replace" && given.length === 0) for (const item of sent) checkKnown(target.known, item, path);
  return { items: op === "replace" ? given : [...list, ...given], touched: new Set(given) };
}

/** Changes the elements that the value filter selects, or all of them if the path has a sub-attribute alone. */
function changeSelected(list: readonly JsonValue[], given: Step): Selection {
  const step = { ...given, value: given.value === undefined ? undefined : oneOf(given.value) };
  const { op, filter } = step;
  const isMatch = (item: JsonValue): boolean => !filter || (isObject(item) && matches(filter, item));
  if (!list.some(isMatch)) return createSelected(list, step);
  if (op === "add" && step.value === null) return { items: list, touched: new Set() };
  const touched = new Set<JsonValue>();
  const items = list.flatMap((item): JsonValue[] => {
    if (!isMatch(item)) return [item];
    const after = changeElement(item, step);
    if (after === undefined) return [];
    touched.add(after);
    return [after];
  });
  return { items, touched };
}

function changeElement(item: JsonValue, step: Step): JsonValue | undefined {
  const { op, target, path } = step;
  const { attribute, sub } = target;
  const { value = null } = step;
  if (sub) return withPart(sub, item, op === "remove" ? null : value, path);
  if (op === "remove" || value === null) return undefined;
  if (!isObject(value)) throw ScimError.invalidValue(`${path} needs an object as its value.`);
  if (op === "add") return withParts(attribute, item, value, path);
  checkKnown(target.known, value, path);
  return coerceSingle(attribute, value, path);
}

/** Throws 400 `invalidValue` for an object of nothing but unknown names: it would remove the value, or change nothing. */
function checkKnown({ name, subAttributes = [] }: Attribute, value: JsonValue, path: string): void {
  const names = isObject(value) ? Object.keys(value) : [];
  if (names.length === 0 || names.some((one) => findAttribute(subAttributes, one))) return;
  throw ScimError.invalidValue(`${path} has none of the sub-attributes of ${name}; name one, or remove the value.`);
}

/**
 * The result of a step that selects nothing. A removal succeeds, so that a retry never fails. Any other step creates an
 * element if Entra's filter describes it, or if the path has no filter that could have failed to match.
 */
function createSelected(list: readonly JsonValue[], step: Step): Selection {
  const { op, target, filter, value = null, path } = step;
  if (op === "remove") return { items: list, touched: new Set() };
  const seed = filter ? elementOf(filter) : {};
  const isDescribed = target.sub ? target.sub.name !== "type" || !filter : op === "add";
  if (!seed || !isDescribed) throw noTarget(path);
  // An empty text in an element that does not exist yet is unassigned: nothing is left to create.
  const created = value === null || (target.sub && value === "") ? undefined : changeElement(seed, step);
  if (created === undefined) return { items: list, touched: new Set() };
  return { items: [...list, created], touched: new Set([created]), isCreation: true };
}
