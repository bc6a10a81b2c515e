import { once } from "../../once.ts";

const encoded = "%[0-9A-Fa-f]{2}";
const unreserved = "A-Za-z0-9._~\\-";
const subDelims = "!$&'()*+,;=";
const characters = (more: string): string => `(?:[${unreserved}${subDelims}${more}]|${encoded})*`;

/** RFC 3986 appendix B: every text splits in this one way. */
const parts = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const needsHost = /^https?$/i;
/** Compiled for the first reference that a client sends. */
const patterns = once(() => ({
  authority: new RegExp(`^(?:${characters(":")}@)?(?:\\[[0-9A-Fa-fvV:._~-]+\\]|${characters("")})(?::\\d*)?$`),
  path: new RegExp(`^${characters(":@/")}$`),
  queryOrFragment: new RegExp(`^${characters(":@/?")}$`),
}));

/**
 * Whether a text is an absolute or relative URI (a URI-reference of RFC 3986 §4.1), as RFC 7643 §2.3.7 demands of
 * references. The WHATWG parser must accept a host and a port too. Linear in the text.
 */
export function isUriReference(text: string): boolean {
  const split = parts.exec(text);
  if (!split) return false;
  const { authority, path, queryOrFragment } = patterns();
  const [, schemePart, authorityPart, pathPart = "", query = "", fragment = ""] = split;
  if (schemePart !== undefined) {
    if (!scheme.test(schemePart) || !URL.canParse(text)) return false;
    if (needsHost.test(schemePart) && !authorityPart) return false;
  }
  if (authorityPart !== undefined && !authority.test(authorityPart)) return false;
  if (schemePart === undefined && !isRelative(text, authorityPart, pathPart)) return false;
  return path.test(pathPart) && queryOrFragment.test(query) && queryOrFragment.test(fragment);
}

/** A relative path has no colon in its first segment (RFC 3986 §4.2): it would be read as a scheme. */
function isRelative(text: string, authorityPart: string | undefined, pathPart: string): boolean {
  return authorityPart === undefined ? !/^[^/]*:/.test(pathPart) : URL.canParse(`https:${text}`);
}
