/** A value that a preview does not know yet. */
export const UNKNOWN: unique symbol = Symbol("known at up");

export type Properties = Readonly<Record<string, unknown>>;

/** A resource as the rules see it. A value that is not known yet in a preview is `UNKNOWN`. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the parent, if there is one. */
  readonly parent?: string | undefined;
  readonly props: Properties;
  readonly protect: boolean;
}

export const isRecord = (value: unknown): value is Properties =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** The value under a path of keys, `UNKNOWN` if a part of the path is, or undefined. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner === UNKNOWN ? UNKNOWN : isRecord(inner) ? inner[key] : undefined), value);

/** One value as a list of one, a list as it is, undefined as an empty list. */
export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];

/** Every leaf of a value, with the path that leads to it. */
export function* leaves(value: unknown, path = ""): Generator<readonly [path: string, leaf: unknown]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leaves(item, `${path}[${index}]`);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) yield* leaves(inner, path === "" ? key : `${path}.${key}`);
  } else yield [path, value];
}
