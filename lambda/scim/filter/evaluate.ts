import { isObject, own } from "../values/json.ts";
import { read } from "../values/place.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import type { Filter, Target } from "./bind.ts";
import { comparable } from "../values/comparable.ts";
import type { Operator } from "./syntax.ts";

/**
 * Whether a resource, in the form that clients see, satisfies a filter. An attribute without a value satisfies only
 * `ne`. A multi-valued attribute satisfies a comparison if any of its values does.
 */
export function matches(filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case "and":
      return filter.operands.every((operand) => matches(operand, resource));
    case "or":
      return filter.operands.some((operand) => matches(operand, resource));
    case "not":
      return !matches(filter.operand, resource);
    case "present":
      return valuesOf(filter.target, resource).some(isAssigned);
    case "valuePath":
      return elements(read(resource, filter.target)).some((item) => isObject(item) && matches(filter.filter, item));
    case "compare": {
      const found = valuesOf(filter.target, resource);
      const attribute = filter.target.sub ?? filter.target.attribute;
      if (found.length === 0) return filter.operator === "ne";
      return found.some((value) => holds(filter.operator, comparable(attribute, value), filter.comparable));
    }
  }
}

function elements(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The values that a path reads; for a multi-valued attribute, those of every element. */
function valuesOf(target: Target, resource: JsonObject): readonly JsonValue[] {
  const found = elements(read(resource, target));
  const { sub } = target;
  if (!sub) return found;
  return found.flatMap((item) => (isObject(item) ? elements(own(item, sub.name)) : []));
}

function isAssigned(value: JsonValue): boolean {
  return isObject(value) ? Object.keys(value).length > 0 : value !== null && value !== "";
}

function holds(operator: Operator, left: JsonValue, right: JsonValue): boolean {
  if (operator === "eq") return left === right;
  if (operator === "ne") return left !== right;
  if (typeof left === "string" && typeof right === "string") {
    if (operator === "co") return left.includes(right);
    if (operator === "sw") return left.startsWith(right);
    if (operator === "ew") return left.endsWith(right);
    return ordered(operator, left, right);
  }
  return typeof left === "number" && typeof right === "number" && ordered(operator, left, right);
}

function ordered<T extends string | number>(operator: Operator, left: T, right: T): boolean {
  switch (operator) {
    case "gt":
      return left > right;
    case "ge":
      return left >= right;
    case "lt":
      return left < right;
    case "le":
      return left <= right;
    default:
      return false;
  }
}
