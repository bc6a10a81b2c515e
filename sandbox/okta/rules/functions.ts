import { ExpressionError } from "./tokens.ts";

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The values that an expression reads: the person's profile, under `user` or `source`, and the person's groups. */
export interface Scope {
  readonly profile: Readonly<Record<string, unknown>>;
  /** The properties that `user.getInternalProperty` returns. */
  readonly internal: { readonly id: string; readonly status: string };
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

/** The result of an expression or of a part; `unknown` if it depends on the profile. */
export type Kind = "text" | "number" | "boolean" | "list" | "unknown";

export interface ExpressionFunction {
  readonly gives: Kind;
  /** The smallest and the largest number of arguments. */
  readonly takes: readonly [fewest: number, most: number];
  /** Okta does not allow it in a group rule (help.okta.com, "Group rules"). */
  readonly notInRules?: boolean;
  readonly call: (scope: Scope, args: readonly Value[]) => Value;
}

export const textOfValue = (value: Value | undefined): string =>
  value === null || value === undefined || typeof value === "object" ? "" : String(value);

const MANY = 100;

const inGroup = (matches: (group: Scope["groups"][number], wanted: string) => boolean): ExpressionFunction => ({
  gives: "boolean",
  takes: [1, MANY],
  call: (scope, args) => args.some((wanted) => scope.groups.some((group) => matches(group, textOfValue(wanted)))),
});

const onText = (
  gives: Kind,
  takes: readonly [number, number],
  work: (...texts: string[]) => Value,
): ExpressionFunction => ({
  gives,
  takes,
  call: (_scope, args) => (args[0] === null ? null : work(...args.map(textOfValue))),
});

const onList = (
  gives: Kind,
  takes: readonly [number, number],
  work: (list: readonly Value[], ...rest: Value[]) => Value,
): ExpressionFunction => ({
  gives,
  takes,
  call: (_scope, [first = null, ...rest]) => work(Array.isArray(first) ? first : [], ...rest),
});

function matchesPattern(name: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name);
  } catch (cause) {
    throw new ExpressionError(`not a regular expression: ${pattern}`, { cause });
  }
}

const before = onText("text", [2, 2], (text, mark = "") =>
  text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text,
);
const after = onText("text", [2, 2], (text, mark = "") =>
  text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : text,
);
const toNumber = (whole: boolean): ExpressionFunction => ({
  ...onText("number", [1, 1], (text) => (whole ? Math.round(Number(text)) : Number(text))),
  notInRules: true,
});

/** `String.stringSwitch(input, default, key1, value1, …)`: the value of the key that the input contains. */
function stringSwitch(input: string, fallback = "", ...pairs: string[]): string {
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    if (input.includes(pairs[index] ?? "")) return pairs[index + 1] ?? "";
  }
  return fallback;
}

const flatten = (value: Value): Value[] => (Array.isArray(value) ? value.flatMap(flatten) : [value]);

/** The functions of Okta's expression language that rules and profile mappings may call. */
export const functions: Readonly<Record<string, ExpressionFunction>> = {
  isMemberOfGroup: { ...inGroup((group, id) => group.id === id), takes: [1, 1] },
  isMemberOfAnyGroup: inGroup((group, id) => group.id === id),
  isMemberOfGroupName: { ...inGroup((group, name) => group.name === name), takes: [1, 1] },
  isMemberOfGroupNameStartsWith: { ...inGroup((group, start) => group.name.startsWith(start)), takes: [1, 1] },
  isMemberOfGroupNameContains: { ...inGroup((group, part) => group.name.includes(part)), takes: [1, 1] },
  isMemberOfGroupNameRegex: { ...inGroup((group, pattern) => matchesPattern(group.name, pattern)), takes: [1, 1] },
  "user.getInternalProperty": {
    gives: "text",
    takes: [1, 1],
    call: ({ internal }, [name]) => (name === "id" ? internal.id : name === "status" ? internal.status : null),
  },
  "String.append": onText("text", [2, 2], (text, suffix = "") => text + suffix),
  "String.join": {
    gives: "text",
    takes: [2, MANY],
    call: (_scope, [separator, ...parts]) => parts.map(textOfValue).join(textOfValue(separator)),
  },
  "String.len": onText("number", [1, 1], (text) => text.length),
  "String.removeSpaces": onText("text", [1, 1], (text) => text.replaceAll(" ", "")),
  "String.replace": onText("text", [3, 3], (text, from = "", to = "") => text.replaceAll(from, () => to)),
  "String.replaceFirst": onText("text", [3, 3], (text, from = "", to = "") => text.replace(from, () => to)),
  "String.startsWith": onText("boolean", [2, 2], (text, start = "") => text.startsWith(start)),
  "String.stringContains": onText("boolean", [2, 2], (text, part = "") => text.includes(part)),
  "String.stringSwitch": onText("text", [4, MANY], stringSwitch),
  "String.substring": onText("text", [3, 3], (text, from = "0", to = "0") => text.slice(Number(from), Number(to))),
  "String.substringAfter": after,
  "String.substringBefore": before,
  "String.toLowerCase": onText("text", [1, 1], (text) => text.toLowerCase()),
  "String.toUpperCase": onText("text", [1, 1], (text) => text.toUpperCase()),
  "fn:substringAfter": after,
  "fn:substringBefore": before,
  "Arrays.add": onList("list", [2, 2], (list, item = null) => [...list, item]),
  "Arrays.clear": onList("list", [1, 1], () => []),
  "Arrays.contains": onList("boolean", [2, 2], (list, item = null) => list.includes(item)),
  "Arrays.flatten": { gives: "list", takes: [1, MANY], call: (_scope, args) => args.flatMap(flatten) },
  "Arrays.get": onList("unknown", [2, 2], (list, index = null) => list[Number(index)] ?? null),
  "Arrays.isEmpty": onList("boolean", [1, 1], (list) => list.length === 0),
  "Arrays.remove": onList("list", [2, 2], (list, item = null) => list.filter((one) => one !== item)),
  "Arrays.size": onList("number", [1, 1], (list) => list.length),
  "Arrays.toCsvString": onList("text", [1, 1], (list) => list.map(textOfValue).join(",")),
  "Convert.toInt": toNumber(true),
  "Convert.toNum": toNumber(false),
};
