import type { JsonObject, JsonValue } from "../../model.ts";
import type { Resolved } from "../schema/resolve.ts";
import { isObject, own } from "./json.ts";

/** The place of an attribute in a document. */
export type Place = Pick<Resolved, "extension" | "attribute">;

/** The value of an attribute, without its sub-attribute. */
export function read(document: JsonObject, { extension, attribute }: Place): JsonValue | undefined {
  if (extension === undefined) return own(document, attribute.name);
  const container = own(document, extension);
  return isObject(container) ? own(container, attribute.name) : undefined;
}

/** Sets an attribute in place, or unassigns it where `value` is undefined; an extension left empty goes away. */
export function write(document: JsonObject, { extension, attribute }: Place, value: JsonValue | undefined): void {
  const container = extension === undefined ? document : (own(document, extension) ?? {});
  if (!isObject(container)) return;
  if (value === undefined) delete container[attribute.name];
  else container[attribute.name] = value;
  if (extension === undefined) return;
  if (Object.keys(container).length > 0) document[extension] = container;
  else delete document[extension];
}
