export type Properties = Readonly<Record<string, unknown>>;

/** A resource as the rules see it. A property that is not known yet in a preview is absent. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Properties;
  readonly protect: boolean;
}

export const isRecord = (value: unknown): value is Properties =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** The value under a path of keys, or undefined. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);

/** Every text in a value, with the path that leads to it. */
export function* texts(value: unknown, path = ""): Generator<readonly [path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, `${path}[${index}]`);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) yield* texts(inner, path === "" ? key : `${path}.${key}`);
  }
}
