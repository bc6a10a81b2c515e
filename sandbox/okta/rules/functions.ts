import { ExpressionError } from "./tokens.ts";

export type Value = string | number | boolean | null | readonly Value[];

/** What an expression reads: the person's profile, under `user` or `source`, and the groups the person is in. */
export interface Scope {
  readonly profile: Readonly<Record<string, unknown>>;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

type Call = (scope: Scope, args: readonly Value[]) => Value;

export const textOfValue = (value: Value | undefined): string =>
  value === null || value === undefined ? "" : String(value);

const inGroup =
  (matches: (group: Scope["groups"][number], wanted: string) => boolean): Call =>
  (scope, args) =>
    args.some((wanted) => scope.groups.some((group) => matches(group, textOfValue(wanted))));

const onText =
  (work: (...texts: string[]) => Value): Call =>
  (_scope, args) =>
    args[0] === null ? null : work(...args.map(textOfValue));

function matchesPattern(name: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name);
  } catch {
    throw new ExpressionError(`not a regular expression: ${pattern}`);
  }
}

const byId = inGroup((group, id) => group.id === id);
const before = onText((text, mark = "") => (text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text));
const after = onText((text, mark = "") => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : text));

const functions: Readonly<Record<string, Call>> = {
  isMemberOfGroup: byId,
  isMemberOfAnyGroup: byId,
  isMemberOfGroupName: inGroup((group, name) => group.name === name),
  isMemberOfGroupNameStartsWith: inGroup((group, start) => group.name.startsWith(start)),
  isMemberOfGroupNameContains: inGroup((group, part) => group.name.includes(part)),
  isMemberOfGroupNameRegex: inGroup((group, pattern) => matchesPattern(group.name, pattern)),
  "String.startsWith": onText((text, start = "") => text.startsWith(start)),
  "String.stringContains": onText((text, part = "") => text.includes(part)),
  "String.substringBefore": before,
  "fn:substringBefore": before,
  "String.substringAfter": after,
  "fn:substringAfter": after,
  "String.toLowerCase": onText((text) => text.toLowerCase()),
  "String.toUpperCase": onText((text) => text.toUpperCase()),
  "String.append": onText((text, suffix = "") => text + suffix),
  "String.len": onText((text) => text.length),
  "String.removeSpaces": onText((text) => text.replaceAll(" ", "")),
  "String.replace": onText((text, from = "", to = "") => text.replaceAll(from, to)),
  "String.replaceFirst": onText((text, from = "", to = "") => text.replace(from, () => to)),
  "String.join": (_scope, [separator, ...parts]) => parts.map(textOfValue).join(textOfValue(separator)),
  "Arrays.contains": (_scope, [list, item]) => Array.isArray(list) && list.includes(item),
};

export function functionNamed(name: string): Call {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found === undefined) throw new ExpressionError(`unknown function ${name}`);
  return found;
}
