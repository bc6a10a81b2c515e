/** The syntax tree of a filter (RFC 7644 §3.4.2.2), before its attributes are resolved. */
export type Syntax =
  | { readonly kind: "and" | "or"; readonly operands: readonly Syntax[] }
  | { readonly kind: "not"; readonly operand: Syntax }
  | { readonly kind: "present"; readonly path: string }
  | { readonly kind: "compare"; readonly path: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: "valuePath"; readonly path: string; readonly filter: Syntax };

export const operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type Operator = (typeof operators)[number];
export type Literal = string | number | boolean | null;
