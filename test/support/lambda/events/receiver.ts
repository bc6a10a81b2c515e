import type { Claims } from "../../../../lambda/events/set.ts";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { readPatch } from "../../../../lambda/scim/patch/index.ts";
import { compileRegistry } from "../../../../lambda/scim/schema/index.ts";
import { isObject } from "../../../../lambda/scim/values/json.ts";

/** A resource as a receiver knows it: its own attributes, and the ids of a group's members. */
export interface Known {
  readonly version: number;
  readonly attributes: JsonObject;
  readonly members: ReadonlySet<string>;
}

/** Reads a resource of the directory by its uri; undefined if there is none. */
export type Read = (uri: string) => Promise<JsonObject | undefined>;

const registry = compileRegistry("standard");
const PREFIX = "urn:ietf:params:scim:event:prov:";

/**
 * A receiver as docs/design/events.md describes it: it applies events to a map that is empty at first, ignores a version that
 * is not newer than the one it has, and reads a resource where an event carries no data.
 */
export class Receiver {
  readonly resources = new Map<string, Known>();
  readonly deleted = new Set<string>();
  /** Resources that were read because a SET did not tell enough. */
  reads = 0;
  readonly #read: Read;

  constructor(read: Read) {
    this.#read = read;
  }

  async apply({ sub_id, events }: Claims): Promise<void> {
    const uri = textOf(sub_id["uri"]);
    if (Object.hasOwn(events, `${PREFIX}delete`)) return this.#delete(uri);
    const [name = "", payload] = Object.entries(events)[0] ?? [];
    if (this.deleted.has(uri) || !isObject(payload)) return;
    const version = versionOf(payload["version"]);
    const known = this.resources.get(uri);
    if (known !== undefined && version <= known.version) return;
    const next = this.#next(uri, name, payload, version);
    if (next === undefined) await this.#readNow(uri);
    else this.resources.set(uri, next);
  }

  #delete(uri: string): void {
    this.deleted.add(uri);
    this.resources.delete(uri);
    const id = uri.slice("/Users/".length);
    for (const [group, known] of this.resources)
      if (known.members.has(id))
        this.resources.set(group, { ...known, members: new Set([...known.members].filter((one) => one !== id)) });
  }

  /** The resource by the event's own data; undefined if it is not enough. */
  #next(uri: string, name: string, payload: JsonObject, version: number): Known | undefined {
    const data = payload["data"];
    if (!isObject(data)) return undefined;
    if (!name.includes(":patch:")) return { ...shown(data), version };
    const known = this.resources.get(uri);
    if (known === undefined) return undefined;
    const patch = readPatch(uri.startsWith("/Users/") ? registry.user : registry.group, data);
    const members = new Set(known.members);
    if (patch.members?.kind === "delta") {
      for (const id of patch.members.add) if (!this.deleted.has(`/Users/${id}`)) members.add(id);
      for (const id of patch.members.remove) members.delete(id);
    }
    return { version, attributes: patch.apply(known.attributes), members };
  }

  async #readNow(uri: string): Promise<void> {
    this.reads += 1;
    const resource = await this.#read(uri);
    // A deletion follows.
    if (resource === undefined) return;
    const meta = isObject(resource["meta"]) ? resource["meta"] : {};
    this.resources.set(uri, { ...shown(resource), version: versionOf(meta["version"]) });
  }

  /** What it knows, to be compared with a directory. */
  state(): Record<string, { readonly attributes: JsonObject; readonly members: readonly string[] }> {
    const sorted = [...this.resources].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(
      sorted.map(([uri, { attributes, members }]) => [uri, { attributes, members: [...members].sort() }]),
    );
  }
}

/** `W/"7"`, or `W/"7-…"` for members without users that are being deleted. */
const versionOf = (version: JsonValue | undefined): number => Number(/\d+/.exec(textOf(version))?.[0] ?? Number.NaN);

export const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

const own = ["schemas", "id", "meta", "members", "groups"];

function shown(resource: JsonObject): Omit<Known, "version"> {
  const members = Array.isArray(resource["members"]) ? resource["members"] : [];
  return {
    attributes: Object.fromEntries(Object.entries(resource).filter(([name]) => !own.includes(name))),
    members: new Set(members.flatMap((member) => (isObject(member) ? [textOf(member["value"])] : []))),
  };
}
