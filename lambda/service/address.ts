import type { Registry, ResourceType } from "../scim/schema/index.ts";

/** The target of a path below the base URL: the endpoint of a resource type, or one of its resources. */
export interface ResourceAddress {
  readonly type: ResourceType;
  /** Undefined for the endpoint itself. */
  readonly id: string | undefined;
}

/** Reads the decoded segments of a path; undefined where they name another endpoint or none. */
export function findResource(
  service: { readonly registry: Registry },
  [first = "", id, ...more]: readonly string[],
): ResourceAddress | undefined {
  const name = endpoints.get(first.toLowerCase());
  return name && more.length === 0 ? { type: service.registry[name], id } : undefined;
}

/** The resource types by their endpoints, in lower case. */
const endpoints: ReadonlyMap<string, keyof Registry> = new Map([
  ["users", "user"],
  ["groups", "group"],
]);

/**
 * The decoded segments of a path; undefined where the encoding is wrong. Empty ones are left out: a base URL that was
 * entered with a slash at its end gives two slashes.
 */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path
      .split("/")
      .filter((segment) => segment !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
