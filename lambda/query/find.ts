import type { Stored } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import { matches, reads, type Filter } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { filterBounded, loadWith } from "../service/load.ts";
import { lookUp, planFilter } from "./plan.ts";
import type { Context } from "../service/context.ts";

/** The resources of one type that a query is over. */
export interface Selection {
  readonly type: ResourceType;
  readonly resources:
    | { readonly kind: "all" }
    /** Found by keys, in order of id. */
    | { readonly kind: "atHand"; readonly list: readonly Stored[] }
    /** Only reading them all can tell. */
    | { readonly kind: "filtered"; keep(page: readonly Stored[]): Promise<readonly Stored[]> };
}

/** Selects by a filter, with lookups where one of its conditions allows it. */
export async function select(context: Context, type: ResourceType, filter: Filter | undefined): Promise<Selection> {
  if (!filter) return { type, resources: { kind: "all" } };
  const plan = planFilter(type, filter);
  if (!plan) return { type, resources: { kind: "filtered", keep: keeper(context, type, [filter]) } };
  const candidates = await lookUp(context, type, plan.lookups);
  return { type, resources: { kind: "atHand", list: await keeper(context, type, plan.rest)(candidates) } };
}

function keeper(context: Context, type: ResourceType, parts: readonly Filter[]) {
  const needed = {
    members: parts.some((part) => reads(part, "members")),
    groups: parts.some((part) => reads(part, "groups")),
  };
  return async (page: readonly Stored[]): Promise<readonly Stored[]> =>
    filterBounded(page, async (stored) => {
      const resource = await loadWith(context, type, stored, needed);
      return resource !== undefined && parts.every((part) => matches(part, resource));
    });
}

/** The whole selection, in order of id. Throws 400 `tooMany` where that would read more than 5,000 resources. */
export async function collect({ directory }: Context, { type, resources }: Selection): Promise<readonly Stored[]> {
  if (resources.kind === "atHand") return resources.list;
  const kept: Stored[] = [];
  let read = 0;
  let after: string | undefined;
  for (;;) {
    const page = await directory.pageAfter(type.name, after, limits.maxCount);
    read += page.length;
    after = page.at(-1)?.id;
    if (read > limits.scan) throw tooManyToRead(type);
    kept.push(...(resources.kind === "filtered" ? await resources.keep(page) : page));
    if (page.length < limits.maxCount) return kept;
  }
}

function tooManyToRead({ name }: ResourceType): ScimError {
  const keys =
    name === "User" ? "userName, externalId, id or groups.value" : "displayName, externalId, id or members.value";
  return ScimError.tooMany(
    `This ${name} query would read more than ${limits.scan} resources. Filter by eq on ${keys}, or page with a cursor and without sortBy.`,
  );
}
