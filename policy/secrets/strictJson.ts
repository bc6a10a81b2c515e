import { parse } from "../iam/document.ts";

/** A text of JSON, or the space between its parts. */
const TEXT_OR_SPACE = /("(?:[^"\\]|\\.)*")|\s+/g;

/**
 * The value of JSON that is written as `JSON.stringify` writes it, apart from white space. Undefined for everything else: of a key
 * that stands twice, `JSON.parse` would show the last value alone.
 */
export function parseStrictly(text: string): unknown {
  const value = parse(text);
  return value !== undefined && JSON.stringify(value) === text.replace(TEXT_OR_SPACE, "$1") ? value : undefined;
}
