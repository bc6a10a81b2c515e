import { bindElementFilter, parseFilter, type Filter } from "../filter/index.ts";
import { limits } from "../limits.ts";
import type { ResourceType } from "../schema/index.ts";
import { isForeign, resolvePath, type Resolved } from "../schema/resolve.ts";

/** The target of a path, with the value filter bound to the elements of the attribute. */
export interface Path {
  readonly target: Resolved;
  readonly filter: Filter | undefined;
}

/**
 * Reads `attrPath` or `attribute[filter]` with an optional `.sub` (RFC 7644 §3.5.2, figure 7). `foreign` if it is under the
 * URN of a schema that the directory does not know; undefined if it names nothing. Throws 400 `invalidFilter`.
 */
export function readPath(type: ResourceType, path: string): Path | "foreign" | undefined {
  if (path.length > limits.filter) return undefined;
  const [start = ""] = path.split("[", 1);
  if (isForeign(start)) return isWellFormed(path) ? "foreign" : undefined;
  const parts = split(path);
  if (!parts) return undefined;
  const { name, filter, sub } = parts;
  const target = resolvePath(type, name + sub);
  if (!target || filter === undefined) return target && { target, filter: undefined };
  const { attribute, sub: inName } = resolvePath(type, name) ?? target;
  if (inName || !attribute.multiValued || attribute.type !== "complex") return undefined;
  return { target, filter: bindElementFilter(target.attribute, parseFilter(filter)) };
}

/** The parts of a path; `sub` starts with its dot, and is empty if there is no value filter. */
function split(path: string): { readonly name: string; readonly filter?: string; readonly sub: string } | undefined {
  const open = path.indexOf("[");
  if (open < 0) return { name: path, sub: "" };
  const close = path.lastIndexOf("]");
  const sub = path.slice(close + 1);
  if (close < open || (sub !== "" && !/^\.[^.]+$/.test(sub))) return undefined;
  return { name: path.slice(0, open), filter: path.slice(open + 1, close), sub };
}

/** A value filter, or what stands before, between and after value filters. */
const foreignPart = /\[((?:[^[\]"]|"(?:[^"\\]|\\.)*")*)\]|(?:^|\.)[^[\]"]+/gy;

/** Whether a path of an unknown schema has the syntax of a path, with as many value filters as its attributes nest. */
function isWellFormed(path: string): boolean {
  let end = 0;
  for (const match of path.matchAll(foreignPart)) {
    const [text, filter] = match;
    end = match.index + text.length;
    if (filter !== undefined) parseFilter(filter);
  }
  const close = path.lastIndexOf("]");
  // Brackets that stand in a broken filter, such as one with an open quote: its error says more than the path's.
  if (path[end] === "[" && close > end) parseFilter(path.slice(end + 1, close));
  return end === path.length;
}
