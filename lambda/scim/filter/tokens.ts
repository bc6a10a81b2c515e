import { ScimError } from "../error.ts";

export type Token =
  | { readonly kind: "(" | ")" | "[" | "]" | "end"; readonly at: number }
  | { readonly kind: "word" | "string"; readonly text: string; readonly at: number };

const pattern = /\s+|([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+)/gy;

/** The tokens of a filter, closed by `end`; `at` is the 0-based position. Throws 400 `invalidFilter`. */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of filter.matchAll(pattern)) {
    const at = match.index;
    end = at + match[0].length;
    const [, bracket, quoted, word] = match;
    if (bracket === "(" || bracket === ")" || bracket === "[" || bracket === "]") tokens.push({ kind: bracket, at });
    else if (quoted !== undefined) tokens.push({ kind: "string", text: unquote(quoted, at), at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
  }
  if (end < filter.length) throw ScimError.invalidFilter(`The filter has an unclosed string at position ${end + 1}.`);
  tokens.push({ kind: "end", at: filter.length });
  return tokens;
}

function unquote(quoted: string, at: number): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    throw ScimError.invalidFilter(`The filter has a string at position ${at + 1} that is not valid JSON.`, { cause });
  }
}
