import type { JsonValue } from "../../model.ts";
import { isObject, own } from "../values/json.ts";
import type { BulkOperation } from "./operation.ts";

/**
 * References to resources that the same request creates (RFC 7644 §3.7.2). A reference is `bulkId:x` as a whole value. It
 * may also be a part of an address (`/Users/bulkId:x` in the path of an operation or in a `$ref`) or be quoted in the path
 * of a PATCH (`members[value eq "bulkId:x"]`). In every other text it is text.
 */
const part = /(^|[/"])bulkId:([^"/]+)(?=$|["/])/g;
const whole = /^bulkId:(.+)$/s;

/** A key whose value is an address or a path. */
const hasParts = (name: string): boolean => /^(\$ref|path)$/i.test(name);

/**
 * The bulkIds that an operation refers to. A value that is nothing but a reference always counts, so that a misspelt one
 * is found. A part of an address or path counts if it is `declared`.
 */
export function referencesOf(
  { path, data }: Pick<BulkOperation, "path" | "data">,
  declared: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const inParts = (text: string): void => {
    for (const [, , name = ""] of text.matchAll(part)) if (declared.has(name)) found.add(name);
  };
  const visit = (value: JsonValue, name: string): void => {
    if (typeof value === "string") {
      const only = whole.exec(value)?.[1];
      if (only !== undefined) found.add(only);
      if (hasParts(name)) inParts(value);
    } else if (Array.isArray(value)) value.forEach((item) => visit(item, ""));
    else if (isObject(value)) Object.entries(value).forEach(([key, item]) => visit(item, key));
  };
  inParts(path);
  visit(data ?? null, "");
  return found;
}

/** An address or path in which the known ids replace their references. */
export function resolveText(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replace(part, (found, before: string, name: string) => {
    const id = ids.get(name);
    return id === undefined ? found : before + id;
  });
}

/** A value in which the known ids replace their references. `name` is the key under which an object holds the value. */
export function resolveReferences(value: JsonValue, ids: ReadonlyMap<string, string>, name = ""): JsonValue {
  if (typeof value === "string") {
    const id = ids.get(whole.exec(value)?.[1] ?? "");
    return id ?? (hasParts(name) ? resolveText(value, ids) : value);
  }
  return mapChildren(value, (child, key) => resolveReferences(child, ids, key));
}

/**
 * A value without references to resources that do not exist yet. An element whose `value` is such a reference is left
 * out as a whole.
 */
export function withoutReferences(value: JsonValue): JsonValue | undefined {
  if (typeof value === "string") return whole.test(value) ? undefined : value;
  if (isObject(value) && withoutReferences(own(value, "value") ?? null) === undefined) return undefined;
  return mapChildren(value, withoutReferences);
}

function mapChildren(value: JsonValue, map: (child: JsonValue, name: string) => JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) {
    return value.map((item) => map(item, "")).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, map(item, name)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined));
}
