import type { Attribute, Schema } from "./attribute.ts";
import { commonAttributes, enterpriseUserSchema, groupSchema, userSchema } from "./definitions.ts";
import type { ResourceType } from "./resourceType.ts";

/** The attribute that a path names on a resource type. */
export interface Resolved {
  /** The URN under which the attribute stands in a document; undefined for the core schema. */
  readonly extension: string | undefined;
  /** As the tenant retains it, or as RFC 7643 defines it if the tenant does not retain it. */
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  /** The attribute as RFC 7643 defines it. */
  readonly known: Attribute;
  /** False if RFC 7643 defines the path and this tenant drops it. */
  readonly retained: boolean;
}

/** Caches a value that derives from a list or schema, which never changes. */
function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}

const byName = once(
  (attributes: readonly Attribute[]) => new Map(attributes.map((one) => [one.name.toLowerCase(), one])),
);
const lowerId = once((schema: Schema) => schema.id.toLowerCase());

/** Finds an attribute by name, without regard to case (RFC 7643 §2.1). */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return byName(attributes).get(name.toLowerCase());
}

/** The core attributes that a tenant retains, with the common ones of RFC 7643 §3.1. */
export const coreAttributes = once((schema: Schema): readonly Attribute[] => [
  ...commonAttributes,
  ...schema.attributes,
]);

const subAttributes = (attribute: Attribute | undefined): readonly Attribute[] => attribute?.subAttributes ?? none;
const none: readonly Attribute[] = [];

/** The URN of the type's schema that `text` is, in any case: of the core schema or of an extension. */
export function findSchema(type: ResourceType, text: string): string | undefined {
  const lower = text.toLowerCase();
  return [type.known.schema, ...type.known.extensions].find((schema) => lowerId(schema) === lower)?.id;
}

/** Every schema that the directory knows. */
const schemas: readonly Schema[] = [userSchema, enterpriseUserSchema, groupSchema];

/** A URN of a namespace and a name (RFC 8141 §2), or a web address: RFC 7643 §3 lets the id of a schema be any URI. */
const uri = /^(urn:[a-z0-9][a-z0-9-]{0,31}:|https?:\/\/)\S+$/i;

/** Whether a path is the URN of a schema, or starts with it. */
function isUnder(path: string, schema: Schema): boolean {
  const { length } = schema.id;
  return path.slice(0, length).toLowerCase() === lowerId(schema) && /^([:.[]|$)/.test(path.slice(length, length + 1));
}

/**
 * Whether a path starts with the URI of a schema that the directory does not know, such as an extension that the client
 * defines. Under a known URN, an unknown name is a mistake.
 */
export function isForeign(path: string): boolean {
  return uri.test(path) && !schemas.some((schema) => isUnder(path, schema));
}

/** The URN of a schema of another resource type, if a path starts with it. */
export function findMisplaced({ known }: ResourceType, path: string): string | undefined {
  const own = [known.schema, ...known.extensions];
  return schemas.find((one) => isUnder(path, one) && !own.includes(one))?.id;
}

/** A key of the object under a schema's URN, as a path. The key may itself start with the URN of a known schema. */
export function pathIn(schema: string, key: string): string {
  return schemas.some((one) => isUnder(key, one)) ? key : `${schema}:${key}`;
}

/**
 * Resolves `attribute`, `attribute.sub`, and either after a schema URN and a colon (RFC 7644 §3.10), without regard to
 * case. Undefined if no schema of the type defines the path.
 */
export function resolvePath(type: ResourceType, path: string): Resolved | undefined {
  const lower = path.toLowerCase();
  const isPrefix = (schema: Schema): boolean => lower.startsWith(lowerId(schema)) && lower[schema.id.length] === ":";
  const extension = type.known.extensions.find(isPrefix);
  const prefix = extension ?? (isPrefix(type.known.schema) ? type.known.schema : undefined);
  const [name, subName, ...more] = (prefix ? path.slice(prefix.id.length + 1) : path).split(".");
  if (name === undefined || more.length > 0) return undefined;

  const known = findAttribute(extension ? extension.attributes : coreAttributes(type.known.schema), name);
  if (!known) return undefined;
  const retained = findAttribute(
    extension
      ? (type.extensions.find((schema) => schema.id === extension.id)?.attributes ?? none)
      : coreAttributes(type.schema),
    name,
  );
  const found = { extension: extension?.id, attribute: retained ?? known, known };
  if (subName === undefined) return { ...found, sub: undefined, retained: retained !== undefined };
  const knownSub = findAttribute(subAttributes(known), subName);
  if (!knownSub) return undefined;
  const retainedSub = findAttribute(subAttributes(retained), subName);
  return { ...found, sub: retainedSub ?? knownSub, retained: retainedSub !== undefined };
}
