import { conjuncts, type Filter } from "../filter/index.ts";
import type { JsonObject } from "../../model.ts";

/**
 * Entra sets `emails[type eq "work"].value` on users who have no such element and expects it to be made. The element
 * that satisfies a filter of `eq` comparisons; undefined for any other filter, which RFC 7644 §3.5.2.3 answers with
 * `noTarget`.
 */
export function elementOf(filter: Filter): JsonObject | undefined {
  const element: JsonObject = {};
  for (const part of conjuncts(filter)) {
    if (part.kind !== "compare" || part.operator !== "eq") return undefined;
    element[part.target.attribute.name] = part.value;
  }
  return element;
}
