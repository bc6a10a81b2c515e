import type { Attribute, Schema } from "./attribute.ts";
import { commonAttributes } from "./definitions.ts";
import type { ResourceType } from "./resourceType.ts";

/** What an attribute path names on a resource type. */
export interface Resolved {
  /** The URN under which the attribute stands in a document; undefined for the core schema. */
  readonly extension: string | undefined;
  /** As the tenant retains it, or as RFC 7643 defines it where it is not retained. */
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  /** False where the path is one that RFC 7643 defines and this tenant drops. */
  readonly retained: boolean;
}

/** Finds an attribute by name, without regard to case (RFC 7643 §2.1). */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const lower = name.toLowerCase();
  return attributes.find((attribute) => attribute.name.toLowerCase() === lower);
}

/** The core attributes that a tenant retains, with the common ones of RFC 7643 §3.1. */
export function coreAttributes(schema: Schema): readonly Attribute[] {
  return [...commonAttributes, ...schema.attributes];
}

/** The URN of the extension that `text` is, in whatever case; undefined where it is none of the type's. */
export function findExtension(type: ResourceType, text: string): string | undefined {
  const lower = text.toLowerCase();
  return type.known.extensions.find((schema) => schema.id.toLowerCase() === lower)?.id;
}

/**
 * Resolves `attribute`, `attribute.sub`, and either after a schema URN and a colon (RFC 7644 §3.10), without regard to
 * case. Undefined where no schema of the type defines the path.
 */
export function resolvePath(type: ResourceType, path: string): Resolved | undefined {
  const lower = path.toLowerCase();
  const isPrefix = (schema: Schema): boolean => lower.startsWith(`${schema.id.toLowerCase()}:`);
  const extension = type.known.extensions.find(isPrefix);
  const prefix = extension ?? (isPrefix(type.known.schema) ? type.known.schema : undefined);
  const [name, subName, ...more] = (prefix ? path.slice(prefix.id.length + 1) : path).split(".");
  if (name === undefined || more.length > 0) return undefined;

  const known = findAttribute(extension ? extension.attributes : coreAttributes(type.known.schema), name);
  if (!known) return undefined;
  const retained = findAttribute(
    extension
      ? (type.extensions.find((schema) => schema.id === extension.id)?.attributes ?? [])
      : coreAttributes(type.schema),
    name,
  );
  const found = { extension: extension?.id, attribute: retained ?? known };
  if (subName === undefined) return { ...found, sub: undefined, retained: retained !== undefined };
  const knownSub = findAttribute(known.subAttributes ?? [], subName);
  if (!knownSub) return undefined;
  const retainedSub = findAttribute(retained?.subAttributes ?? [], subName);
  return { ...found, sub: retainedSub ?? knownSub, retained: retainedSub !== undefined };
}
