import type { JsonObject, JsonValue } from "../../model.ts";
import type { Attribute } from "../schema/attribute.ts";
import type { ResourceType } from "../schema/index.ts";
import { coreAttributes, findSchema, resolvePath } from "../schema/resolve.ts";
import { isObject, own } from "../values/json.ts";

/** Which attributes a client wants back (RFC 7644 §3.9). Keys are canonical: `name`, `name.givenName`, `URN:department`. */
export interface Projection {
  /** Undefined for the default set. */
  readonly include: ReadonlySet<string> | undefined;
  readonly exclude: ReadonlySet<string>;
}

/** Reads `attributes` and `excludedAttributes`. If both are given, `attributes` wins. Unknown names are ignored. */
export function readProjection(
  type: ResourceType,
  attributes: readonly string[],
  excluded: readonly string[],
): Projection {
  const defaultNames = type.schema.attributes.filter(({ returned }) => returned === "default").map(({ name }) => name);
  const canonical = (paths: readonly string[]): Set<string> =>
    new Set(
      paths.flatMap((path) => {
        const found = resolvePath(type, path.trim());
        if (found) return [key(found.extension, found.attribute, found.sub)];
        const schema = findSchema(type, path.trim());
        return schema === type.schema.id ? defaultNames : (schema ?? []);
      }),
    );
  return attributes.length > 0
    ? { include: canonical(attributes), exclude: new Set() }
    : { include: undefined, exclude: canonical(excluded) };
}

function key(extension: string | undefined, attribute: Attribute, sub?: Attribute): string {
  const name = extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
  return sub ? `${name}.${sub.name}` : name;
}

/** Whether a core attribute such as `members` is part of the response. If it is not, it need not be read. */
export function wants(type: ResourceType, projection: Projection, name: string): boolean {
  const attribute = type.schema.attributes.find((candidate) => candidate.name === name);
  return attribute !== undefined && isWanted(projection, undefined, attribute);
}

function isWanted({ include, exclude }: Projection, extension: string | undefined, attribute: Attribute): boolean {
  if (attribute.returned === "always") return true;
  if (attribute.returned === "never") return false;
  const name = key(extension, attribute);
  if (include) {
    if (include.has(name) || (extension !== undefined && include.has(extension))) return true;
    return (attribute.subAttributes ?? []).some((sub) => include.has(`${name}.${sub.name}`));
  }
  return attribute.returned === "default" && !exclude.has(name) && !(extension !== undefined && exclude.has(extension));
}

/** The part of a represented resource that goes into a response. */
export function project(type: ResourceType, projection: Projection, resource: JsonObject): JsonObject {
  const result = pick(coreAttributes(type.schema), undefined, projection, resource);
  for (const { id, attributes } of type.extensions) {
    const container = own(resource, id);
    if (!isObject(container)) continue;
    const picked = pick(attributes, id, projection, container);
    if (Object.keys(picked).length > 0) result[id] = picked;
  }
  return result;
}

function pick(
  attributes: readonly Attribute[],
  extension: string | undefined,
  projection: Projection,
  from: JsonObject,
): JsonObject {
  const result: JsonObject = {};
  for (const attribute of attributes) {
    const value = own(from, attribute.name);
    if (value === undefined || !isWanted(projection, extension, attribute)) continue;
    const shown = attribute.subAttributes
      ? pickSubs(attribute, attribute.subAttributes, extension, projection, value)
      : value;
    if (shown !== undefined) result[attribute.name] = shown;
  }
  return result;
}

function pickSubs(
  attribute: Attribute,
  subs: readonly Attribute[],
  extension: string | undefined,
  { include, exclude }: Projection,
  value: JsonValue,
): JsonValue | undefined {
  const name = key(extension, attribute);
  const named = subs.filter((sub) => include?.has(`${name}.${sub.name}`));
  const whole = include === undefined || include.has(name) || (extension !== undefined && include.has(extension));
  const wanted = subs.filter(
    (sub) => named.includes(sub) || (whole && sub.returned === "default" && !exclude.has(`${name}.${sub.name}`)),
  );
  if (wanted.length === subs.length) return value;
  const one = (item: JsonValue): JsonValue[] => {
    if (!isObject(item)) return [item];
    const result: JsonObject = {};
    for (const sub of wanted) {
      const part = own(item, sub.name);
      if (part !== undefined) result[sub.name] = part;
    }
    return Object.keys(result).length > 0 ? [result] : [];
  };
  return Array.isArray(value) ? value.flatMap(one) : one(value)[0];
}
