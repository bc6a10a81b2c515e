import type { JsonValue } from "../../model.ts";
import type { ResourceType } from "../schema/index.ts";
import type { BulkOperation } from "./operation.ts";
import { mapReferences } from "./places.ts";

/**
 * References to resources that the same request creates (RFC 7644 §3.7.2). A reference is `bulkId:x` as a whole, where the
 * id of a resource may stand. In an address, such as the path of an operation, it may also be one of the segments.
 */
const whole = /^bulkId:(.+)$/s;
const segment = /(^|\/)bulkId:([^/]+)(?=$|\/)/g;

type Operation = Pick<BulkOperation, "method" | "path" | "data">;

/**
 * The bulkIds that an operation on a resource of `type` refers to. A reference in place of an id always counts, so that a
 * misspelt one is found. A segment of an address, or an id in a value filter, counts if it is `declared`.
 */
export function referencesOf(
  type: ResourceType | undefined,
  operation: Operation,
  declared: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>(segmentsOf(operation.path).filter((name) => declared.has(name)));
  mapReferences(type, operation, (text, place) => {
    const name = nameOf(text);
    if (name !== undefined && (place !== "filter" || declared.has(name))) found.add(name);
    else if (place === "address") for (const one of segmentsOf(text)) if (declared.has(one)) found.add(one);
    return text;
  });
  return found;
}

const nameOf = (text: string): string | undefined => whole.exec(text)?.[1];
const segmentsOf = (text: string): string[] => [...text.matchAll(segment)].map(([, , name = ""]) => name);

/** An address in which the known ids replace their references. */
export function resolveText(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replace(segment, (found, before: string, name: string) => {
    const id = ids.get(name);
    return id === undefined ? found : before + id;
  });
}

/** The data of an operation, in which the known ids replace their references. */
export function resolveReferences(
  type: ResourceType | undefined,
  operation: Operation,
  ids: ReadonlyMap<string, string>,
): JsonValue | undefined {
  return mapReferences(type, operation, (text, place) => {
    const id = ids.get(nameOf(text) ?? "");
    return id ?? (place === "address" ? resolveText(text, ids) : text);
  });
}

/**
 * The data of a create without references to resources that do not exist yet. A member or manager that is such a
 * reference is left out as a whole.
 */
export function withoutReferences(type: ResourceType | undefined, operation: Operation): JsonValue | undefined {
  return mapReferences(type, operation, (text, place) => {
    const isReference = nameOf(text) !== undefined || (place === "address" && segmentsOf(text).length > 0);
    return isReference ? undefined : text;
  });
}
