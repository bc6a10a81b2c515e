import type { Stored } from "../model.ts";
import type { Lookup, Source } from "../query/source.ts";
import { represent } from "../scim/representation/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import type { Context } from "./context.ts";
import { orAbsent } from "./errors.ts";
import { kinds, type Connected, type FindByValue, type Kind } from "./kinds.ts";
import type { Sightings } from "./snapshot.ts";

/** A source whose resources can be shown. */
export interface ShownSource extends Source {
  /** The resource, with its connections if they are wanted: then it is read again. Undefined if it is gone. */
  connected(stored: Stored, withConnections: boolean): Promise<Connected | undefined>;
}

/** A resource type of the directory as queries read it. `sightings` learns which versions of groups they meet. */
export function sourceOf(context: Context, type: ResourceType, sightings: Sightings): ShownSource {
  const { directory, service } = context;
  const kind = kinds[type.name];
  const lookup =
    (name: string, find: FindByValue): Lookup =>
    async (value) => {
      const found = await find(context, value);
      if (name === "members") sightings.found(found);
      return found;
    };
  const connected: ShownSource["connected"] = async (stored, withConnections) => {
    if (!withConnections) return { stored, connections: {} };
    const found = await orAbsent(kind.getConnected(directory, stored.id));
    sightings.readAgain(stored.id, found?.stored.version);
    return found;
  };
  return {
    type,
    connected,
    lookups: new Map(Object.entries(kind.lookups).map(([name, find]) => [name, lookup(name, find)])),
    advice: adviceOf(kind),
    connection: kind.connection,
    async represent(stored, withConnections) {
      const found = await connected(stored, withConnections);
      return found && represent(type, service.baseUrl, found.stored, found.connections);
    },
    page: (offset, count) => directory.page(type.name, offset, count),
    pageAfter: (after, count) => directory.pageAfter(type.name, after, count),
    pageBefore: (before, count) => directory.pageBefore(type.name, before, count),
    count: () => directory.count(type.name),
  };
}

function adviceOf({ lookups, connection }: Kind): string {
  const names = Object.keys(lookups).map((name) => (name === connection ? `${name}.value` : name));
  return `Filter by eq on ${names.slice(0, -1).join(", ")} or ${names.at(-1)}, or page with a cursor and without sortBy.`;
}
