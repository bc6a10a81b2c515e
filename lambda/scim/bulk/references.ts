import { isObject, own } from "../values/json.ts";
import type { JsonValue } from "../../model.ts";
import type { BulkOperation } from "./operation.ts";

/**
 * `bulkId:x` as a value, at the end of an address (`$ref`, `path`), or in quotes (the path of a PATCH); the name itself
 * is the second group.
 */
const reference = /(^|[/"])bulkId:([^"]+?)(?=$|["/])/g;
const whole = /^bulkId:./;

/**
 * The bulkIds that an operation refers to. A value that is nothing but a reference always counts, so that a misspelt one
 * is found; within other text only what is `declared` does.
 */
export function referencesOf(
  { path, data }: Pick<BulkOperation, "path" | "data">,
  declared: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const visit = (value: JsonValue): void => {
    if (typeof value === "string") {
      for (const [, , name = ""] of value.matchAll(reference)) if (declared.has(name)) found.add(name);
      if (whole.test(value)) found.add(value.slice("bulkId:".length));
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(path);
  visit(data ?? null);
  return found;
}

/** The text with every reference that has an id by now replaced by it. */
export function resolveText(text: string, ids: ReadonlyMap<string, string>): string {
  const id = whole.test(text) ? ids.get(text.slice("bulkId:".length)) : undefined;
  if (id !== undefined) return id;
  return text.replace(reference, (found, before: string, name: string) => {
    const part = ids.get(name);
    return part === undefined ? found : before + part;
  });
}

/** The same for every text of a value. */
export function resolveReferences(value: JsonValue, ids: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === "string") return resolveText(value, ids);
  return mapChildren(value, (child) => resolveReferences(child, ids));
}

/** The value without what refers to something that is not there yet: the whole element where its `value` does. */
export function withoutReferences(value: JsonValue): JsonValue | undefined {
  if (typeof value === "string") return whole.test(value) ? undefined : value;
  if (isObject(value) && withoutReferences(own(value, "value") ?? null) === undefined) return undefined;
  return mapChildren(value, withoutReferences);
}

function mapChildren(value: JsonValue, map: (child: JsonValue) => JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.flatMap((item) => wrap(map(item)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, JsonValue][] => {
    const mapped = map(item);
    return mapped === undefined ? [] : [[name, mapped]];
  });
  return Object.fromEntries(entries);
}

/** As the one item of a list, so that flattening keeps arrays whole. */
const wrap = (item: JsonValue | undefined): JsonValue[] => (item === undefined ? [] : [item]);
