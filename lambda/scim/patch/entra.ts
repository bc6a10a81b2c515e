import type { JsonObject, JsonValue } from "../../model.ts";
import { conjuncts, matches, type Filter } from "../filter/index.ts";
import { isObject } from "../values/json.ts";
import { read } from "../values/place.ts";
import { noTarget, type Step } from "./steps.ts";

/**
 * Entra sets `emails[type eq "work"].value` and `roles[primary eq "True"].value` on users that have no such element, and
 * expects the service to create it. The element that such a filter describes: a `type` that is not empty, `primary eq true`
 * or both. Undefined for any other filter: RFC 7644 §3.5.2.3 demands `noTarget` for it.
 */
export function elementOf(filter: Filter): JsonObject | undefined {
  const element: JsonObject = {};
  for (const part of conjuncts(filter)) {
    if (part.kind !== "compare" || part.operator !== "eq") return undefined;
    const { name } = part.target.attribute;
    const isKnown = name === "type" ? part.value !== "" : name === "primary" && part.value === true;
    if (!isKnown || Object.hasOwn(element, name)) return undefined;
    element[name] = part.value;
  }
  return element;
}

/**
 * Throws 400 `noTarget` if the element that a step created has got no more than its `type` and `primary` by the end of the
 * PATCH: it would hold nothing, and could take `primary` away from a real value.
 */
export function checkCreated(document: JsonObject, { target, filter, path }: Step): void {
  const isEmpty = (item: JsonValue): boolean =>
    isObject(item) &&
    Object.entries(item).every(([name, part]) => name === "type" || name === "primary" || part === "");
  const list = read(document, target);
  const isMatch = (item: JsonValue): boolean => !filter || (isObject(item) && matches(filter, item));
  if (Array.isArray(list) && list.some((item) => isEmpty(item) && isMatch(item))) throw noTarget(path);
}
