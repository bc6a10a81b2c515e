import { z } from "zod";
import type { ScimReader } from "./scimReader.ts";

const versioned = z.object({ meta: z.object({ version: z.string().optional() }).default({}) });
const group = z.object({ members: z.array(z.object({ value: z.string() })).default([]) });

/** The members of groups in the directory. */
export interface Members {
  /** The members' ids, read again only if the group's version has changed. */
  idsOf(groupId: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** The same, for a group whose version is already known. */
  idsAt(groupId: string, version: string | undefined, signal?: AbortSignal): Promise<readonly string[]>;
}

/** The number of groups that are remembered. The one that was unused for the longest is dropped first. */
const MOST_KNOWN = 200;

export const versionOf = (resource: unknown): string | undefined => versioned.parse(resource).meta.version;

export function createMembers({ get }: ScimReader): Members {
  const known = new Map<string, { readonly version: string; readonly ids: readonly string[] }>();

  const idsAt: Members["idsAt"] = async (groupId, version, signal) => {
    const before = known.get(groupId);
    known.delete(groupId);
    if (before !== undefined && before.version === version) {
      known.set(groupId, before);
      return before.ids;
    }
    const { members } = group.parse(
      await get(`Groups/${encodeURIComponent(groupId)}`, { attributes: "members" }, signal),
    );
    const ids = members.map(({ value }) => value);
    if (version === undefined) return ids;
    known.set(groupId, { version, ids });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    return ids;
  };

  return {
    idsAt,
    idsOf: async (groupId, signal) => {
      const found = await get(`Groups/${encodeURIComponent(groupId)}`, { attributes: "meta" }, signal);
      return idsAt(groupId, versionOf(found), signal);
    },
  };
}
