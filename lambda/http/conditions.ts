/** Whether a list of entity tags names a version, compared weakly (RFC 9110 §8.8.3.2); `*` names every one. */
export function hasTag(header: string | undefined, version: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === `"${version}"`);
}

/** The condition that `If-Match` puts on a write (RFC 7644 §3.14); undefined without the header. */
export function ifMatch(header: string | undefined): ((version: string) => boolean) | undefined {
  return header === undefined ? undefined : (version) => hasTag(header, version);
}
