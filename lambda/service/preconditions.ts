import { ScimError } from "../scim/error.ts";
import { etag } from "../scim/representation/resource.ts";

/** A list of entity tags, or `*` for every version. */
export type EntityTags = "*" | readonly string[];

/** The conditions of `If-Match` and `If-None-Match` (RFC 7644 §3.14, RFC 9110 §13.1); undefined if absent. */
export interface Preconditions {
  readonly match?: EntityTags | undefined;
  readonly noneMatch?: EntityTags | undefined;
}

/** Reads a header's entity tags; they are compared weakly (RFC 9110 §8.8.3.2). */
export function readEntityTags(header: string | undefined): EntityTags | undefined {
  if (header === undefined) return undefined;
  return header.trim() === "*" ? "*" : header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}

function includes(tags: EntityTags, version: string): boolean {
  return tags === "*" || tags.includes(`"${version}"`);
}

/** Whether a write may change a version; undefined without conditions. */
export function writeCondition({ match, noneMatch }: Preconditions): ((version: string) => boolean) | undefined {
  if (match === undefined && noneMatch === undefined) return undefined;
  return (version) =>
    (match === undefined || includes(match, version)) && (noneMatch === undefined || !includes(noneMatch, version));
}

/** Whether a read is answered with 304. Throws 412 if `If-Match` names another version (RFC 9110 §13.2.2). */
export function isNotModified({ match, noneMatch }: Preconditions, version: string): boolean {
  if (match !== undefined && !includes(match, version)) {
    throw ScimError.preconditionFailed(`If-Match names another version; the resource has ${etag(version)}.`);
  }
  return noneMatch !== undefined && includes(noneMatch, version);
}
