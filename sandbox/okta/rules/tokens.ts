/** An expression that Okta would not accept. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

export interface Token {
  readonly kind: "text" | "number" | "name" | "sign" | "end";
  readonly value: string;
}

const PATTERN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|((?:fn:)?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|(==|!=|<=|>=|&&|\|\||[!<>()+,?:{}]))/y;

/** Splits an expression of Okta's expression language into tokens. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const end = source.trimEnd().length;
  while (position < end) {
    PATTERN.lastIndex = position;
    const match = PATTERN.exec(source);
    if (match === null)
      throw new ExpressionError(`unexpected ${JSON.stringify(source.slice(position, position + 10))}`);
    const [, quoted, number, name, sign] = match;
    position = PATTERN.lastIndex;
    if (quoted !== undefined) tokens.push({ kind: "text", value: quoted.slice(1, -1).replace(/\\(["'\\])/g, "$1") });
    else if (number !== undefined) tokens.push({ kind: "number", value: number });
    else if (name !== undefined) tokens.push({ kind: "name", value: name });
    else tokens.push({ kind: "sign", value: sign ?? "" });
  }
  return [...tokens, { kind: "end", value: "" }];
}
