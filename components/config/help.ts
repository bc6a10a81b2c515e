import { z } from "zod";

/**
 * The texts that a person needs to set one value of the configuration: shown in errors, in `Pulumi.yaml` and in the
 * documentation.
 */
export interface Help {
  /** The meaning of the value: a phrase without a full stop. */
  readonly meaning: string;
  /** The values that are accepted. */
  readonly allowed: string;
  /** A value to paste after `pulumi config set`; absent for a structure, because its parts have examples. */
  readonly example?: string;
  /** The value must be encrypted. The CLI then asks for it, so that it never appears in a shell's history. */
  readonly secret?: true;
  /** The default in words, if the schema cannot tell it. */
  readonly defaultText?: string;
}

const registry = z.registry<Help>();

/** Attaches help to a schema, next to the rule that it explains. */
export function explain<T extends z.ZodType>(schema: T, help: Help): T {
  registry.add(schema, help);
  return schema;
}

/** A part of a schema by its path, list indexes written as `*`, without the wrappers of defaults and transforms. */
export interface Part {
  readonly path: readonly string[];
  readonly help: Help | undefined;
  readonly schema: z.core.$ZodType;
  /** Whether it has no parts of its own. */
  readonly leaf: boolean;
  /** The value of a discriminator that selects the variant, such as `external`; undefined outside variants. */
  readonly variant: string | undefined;
}

/** A schema and everything inside it, outermost first. */
export function* partsOf(
  schema: z.core.$ZodType,
  path: readonly string[] = [],
  variant?: string,
): Generator<Part, void, undefined> {
  const { inner, help } = unwrap(schema);
  const children = [...childrenOf(inner)];
  yield { path, help, schema, leaf: children.length === 0, variant };
  for (const child of children) yield* partsOf(child.schema, [...path, child.name], child.variant ?? variant);
}

interface Child {
  readonly name: string;
  readonly schema: z.core.$ZodType;
  readonly variant?: string;
}

function* childrenOf(schema: z.core.$ZodType): Generator<Child, void, undefined> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object") for (const [name, inner] of Object.entries(def.shape)) yield { name, schema: inner };
  if (def.type === "array") yield { name: "*", schema: def.element };
  if (def.type === "union" && "discriminator" in def) {
    const seen = new Set<string>();
    for (const option of def.options) {
      const variant = discriminatorOf(option);
      for (const child of childrenOf(option)) {
        if (seen.has(child.name)) continue;
        seen.add(child.name);
        yield child.name === def.discriminator || variant === undefined ? child : { ...child, variant };
      }
    }
  }
}

/** The literal of an option's first key, which is its discriminator by convention of this folder. */
function discriminatorOf(option: z.core.$ZodType): string | undefined {
  const { def } = (option as z.core.$ZodTypes)._zod;
  const first = def.type === "object" ? Object.values(def.shape)[0] : undefined;
  const literal = first === undefined ? undefined : (first as z.core.$ZodTypes)._zod.def;
  return literal?.type === "literal" ? String(literal.values[0]) : undefined;
}

function unwrap(schema: z.core.$ZodType): { readonly inner: z.core.$ZodType; readonly help: Help | undefined } {
  let inner = schema;
  let help = registry.get(inner as z.ZodType);
  for (;;) {
    const { def } = (inner as z.core.$ZodTypes)._zod;
    if (def.type === "default" || def.type === "prefault" || def.type === "optional") inner = def.innerType;
    else if (def.type === "pipe") inner = isTransform(def.in) ? def.out : def.in;
    else return { inner, help };
    help ??= registry.get(inner as z.ZodType);
  }
}

const isTransform = (schema: z.core.$ZodType): boolean => (schema as z.core.$ZodTypes)._zod.def.type === "transform";

/**
 * The help of a path, list indexes included. A path that the schema does not have gets the help of its nearest
 * ancestor.
 */
export function helpAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): Help {
  const wanted = path.map((part) => (typeof part === "number" ? "*" : String(part)));
  let best: Part | undefined;
  for (const part of partsOf(schema)) {
    const around = part.path.every((name, index) => name === wanted[index]);
    if (around && part.help !== undefined && part.path.length >= (best?.path.length ?? 0)) best = part;
  }
  if (best?.help === undefined) throw new Error(`the configuration has no help for ${wanted.join(".")}`);
  return best.help;
}
