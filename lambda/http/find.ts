import type { ResourceKind, Stored } from "../directory/directory.ts";
import { ScimError } from "../scim/error.ts";
import { conjuncts, matches, reads, type Filter } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { filterBounded, loadWith, orAbsent, readAll } from "./load.ts";
import type { Context } from "./service.ts";

/** Resources in a stable order. `offset` is 0-based. */
export interface Found {
  total(): Promise<number>;
  take(offset: number, count: number): Promise<{ readonly total: number; readonly resources: readonly Stored[] }>;
}

/** Everything of a kind, page by page, at the same cost at any depth. */
export function everything({ directory }: Context, kind: ResourceKind): Found {
  return {
    total: () => directory.count(kind),
    take: (offset, count) => directory.page(kind, offset, count),
  };
}

/** A list that is at hand. */
export function atHand(resources: readonly Stored[]): Found {
  return {
    total: async () => resources.length,
    take: async (offset, count) => ({ total: resources.length, resources: resources.slice(offset, offset + count) }),
  };
}

/**
 * The resources that satisfy a filter: by a lookup where one of its conditions allows it, else by reading up to 5,000
 * resources. Throws 400 `tooMany` beyond that.
 */
export async function search(context: Context, type: ResourceType, filter: Filter): Promise<readonly Stored[]> {
  const parts = conjuncts(filter);
  const connections = { members: reads(filter, "members"), groups: reads(filter, "groups") };
  const satisfies = (rest: readonly Filter[]) => async (stored: Stored) => {
    const needed = { members: rest.some((part) => reads(part, "members")), groups: connections.groups };
    const resource = rest.length > 0 ? await loadWith(context, type, stored, needed) : undefined;
    return rest.length === 0 || (resource !== undefined && rest.every((part) => matches(part, resource)));
  };
  for (const part of parts) {
    const key = lookupKey(part);
    const candidates = key && (await lookUp(context, type.name, key.name, key.value));
    if (!candidates) continue;
    // Membership is what the lookup answered; checking it again would read every member of every group.
    const rest = key.name === "members" ? parts.filter((other) => other !== part) : parts;
    return filterBounded(candidates, satisfies(rest));
  }
  return filterBounded(await scan(context, type.name), satisfies(parts));
}

/** Every resource of a kind, in order of id. Throws 400 `tooMany` beyond 5,000. */
export async function scan({ directory }: Context, kind: ResourceKind): Promise<readonly Stored[]> {
  const all: Stored[] = [];
  for (;;) {
    const page = await directory.pageAfter(kind, all.at(-1)?.id, limits.defaultCount);
    all.push(...page);
    if (all.length > limits.scan) {
      throw new ScimError(
        400,
        `This ${kind} filter or sort would read more than ${limits.scan} resources. Filter by eq on ${
          kind === "User" ? "userName, externalId or id" : "displayName, externalId, id or members.value"
        }.`,
        { scimType: "tooMany" },
      );
    }
    if (page.length < limits.defaultCount) return all;
  }
}

interface Key {
  readonly name: string;
  readonly value: string;
}

/** The `eq` of one attribute with text, also written as `members[value eq "…"]`. */
function lookupKey(part: Filter): Key | undefined {
  if (part.kind === "valuePath") {
    const inner = lookupKey(part.filter);
    return part.target.extension === undefined && inner?.name === "value"
      ? { name: part.target.attribute.name, value: inner.value }
      : undefined;
  }
  if (part.kind !== "compare" || part.operator !== "eq" || typeof part.value !== "string") return undefined;
  const { extension, attribute, sub } = part.target;
  if (extension !== undefined || (sub && sub.name !== "value")) return undefined;
  return { name: attribute.name, value: part.value };
}

/** What has the key, or a little more; undefined where the directory has no such lookup. */
async function lookUp(
  { directory }: Context,
  kind: ResourceKind,
  name: string,
  value: string,
): Promise<readonly Stored[] | undefined> {
  const list = (found: Stored | undefined): Stored[] => (found ? [found] : []);
  switch (`${kind}.${name}`) {
    case "User.userName":
      return list(await directory.findUserByUserName(value));
    case "Group.displayName":
      return list(await directory.findGroupByDisplayName(value));
    case "User.id":
      return list(await orAbsent(directory.getUser(value)));
    case "Group.id":
      return list(await orAbsent(directory.getGroup(value)));
    case "User.externalId":
    case "Group.externalId":
      return directory.findByExternalId(kind, value);
    case "Group.members": {
      const groups = (await orAbsent(directory.membershipsOf(value))) ?? [];
      return readAll(
        groups.map(({ groupId }) => groupId),
        (id) => directory.getGroup(id),
      );
    }
    default:
      return undefined;
  }
}
