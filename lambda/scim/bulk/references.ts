import type { JsonValue } from "../../model.ts";
import { isObject, own } from "../values/json.ts";
import type { BulkOperation } from "./operation.ts";

/**
 * References to resources that the same request creates (RFC 7644 §3.7.2). A reference is `bulkId:x` as a whole value,
 * where the id of a resource may stand. It may also be a part of an address (`/Users/bulkId:x` in the path of an operation
 * or in a `$ref`) or be quoted in the path of a PATCH (`members[value eq "bulkId:x"]`). In every other text it is text.
 */
const part = /(^|[/"])bulkId:([^"/]+)(?=$|["/])/g;
const whole = /^bulkId:(.+)$/s;

/** A key, maybe with a URN or a dot before it, whose value may be the id of a resource; a list has the key of its items. */
const holdsId = (name: string): boolean => /(^|[.:])(value|members|manager|\$ref|path)$/i.test(name);
/** A key whose value is an address or a path. */
const hasParts = (name: string): boolean => /(^|[.:])(\$ref|path)$/i.test(name);

/** The bulkId that a text is a reference to as a whole; undefined for any other text. */
function wholeReference(text: string, name: string): string | undefined {
  return holdsId(name) ? whole.exec(text)?.[1] : undefined;
}

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
      const only = wholeReference(value, name);
      if (only !== undefined) found.add(only);
      if (hasParts(name)) inParts(value);
    } else if (Array.isArray(value)) value.forEach((item) => visit(item, name));
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
    const id = ids.get(wholeReference(value, name) ?? "");
    return id ?? (hasParts(name) ? resolveText(value, ids) : value);
  }
  return mapChildren(value, name, (child, key) => resolveReferences(child, ids, key));
}

/**
 * A value without references to resources that do not exist yet. An element whose `value` is such a reference is left
 * out as a whole.
 */
export function withoutReferences(value: JsonValue, name = ""): JsonValue | undefined {
  if (typeof value === "string") return wholeReference(value, name) === undefined ? value : undefined;
  if (isObject(value) && withoutReferences(own(value, "value") ?? null, "value") === undefined) return undefined;
  return mapChildren(value, name, withoutReferences);
}

function mapChildren(
  value: JsonValue,
  name: string,
  map: (child: JsonValue, name: string) => JsonValue | undefined,
): JsonValue {
  if (Array.isArray(value)) return value.map((item) => map(item, name)).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, map(item, key)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined));
}
