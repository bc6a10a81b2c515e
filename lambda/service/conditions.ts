import { ScimError } from "../scim/error.ts";
import { etag } from "../scim/representation/resource.ts";
import type { HttpRequest } from "../http/message.ts";

type Headers = HttpRequest["headers"];

/** Whether a list of entity tags names a version, compared weakly (RFC 9110 §8.8.3.2); `*` names every one. */
function hasTag(header: string, version: string): boolean {
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === `"${version}"`);
}

/**
 * The condition that `If-Match` and `If-None-Match` put on a write (RFC 7644 §3.14, RFC 9110 §13.1); undefined without
 * these headers.
 */
export function writeCondition(headers: Headers): ((version: string) => boolean) | undefined {
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return undefined;
  return (version) =>
    (match === undefined || hasTag(match, version)) && (noneMatch === undefined || !hasTag(noneMatch, version));
}

/** Whether a read is answered with 304. Throws 412 where `If-Match` names another version (RFC 9110 §13.2.2). */
export function isNotModified(headers: Headers, version: string): boolean {
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  if (match !== undefined && !hasTag(match, version)) {
    throw ScimError.preconditionFailed(`The version of the resource is ${etag(version)}.`);
  }
  return noneMatch !== undefined && hasTag(noneMatch, version);
}
