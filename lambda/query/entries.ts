import type { Stored } from "../model.ts";
import type { JsonObject } from "../model.ts";
import { readProjection } from "../scim/representation/projection.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { present } from "../service/load.ts";
import type { AttributeLists } from "./query.ts";
import type { Context } from "../service/context.ts";
import type { Place } from "./sort.ts";

/** A resource of a list, with its place in it. */
export interface Entry {
  readonly place: Place;
  readonly stored: Stored;
}

/** The entries of a page as the client wants them. */
export async function presentAll(
  context: Context,
  types: readonly ResourceType[],
  { attributes, excludedAttributes }: AttributeLists,
  entries: readonly Entry[],
): Promise<JsonObject[]> {
  const shown = new Map<Entry, JsonObject | undefined>();
  for (const [index, type] of types.entries()) {
    const own = entries.filter(({ place }) => place.type === index);
    const projection = readProjection(type, attributes, excludedAttributes);
    const resources = await present(
      context,
      type,
      projection,
      own.map(({ stored }) => stored),
    );
    own.forEach((entry, at) => {
      shown.set(entry, resources[at]);
    });
  }
  return entries.flatMap((entry) => {
    const resource = shown.get(entry);
    return resource ? [resource] : [];
  });
}
