import { mapBounded } from "../concurrency.ts";
import type { Deadline, Stored } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import { matches, reads, type Filter } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import { isOver, timeIsOver } from "./deadline.ts";
import { lookUp, planLookups } from "./plan.ts";
import { WIDTH, type Source } from "./source.ts";

/** The resources of one type that a query is over. */
export interface TypeSelection {
  readonly source: Source;
  readonly resources:
    | { readonly kind: "all" }
    /** Found by key, in order of id. */
    | { readonly kind: "found"; readonly list: readonly Stored[] }
    /** Only reading every resource can tell. */
    | { readonly kind: "scan"; readonly filter: Filter };
}

/** Selects by a filter, with lookups if one of its conditions allows it. */
export async function select(source: Source, filter: Filter | undefined, deadline: Deadline): Promise<TypeSelection> {
  if (!filter) return { source, resources: { kind: "all" } };
  const plan = planLookups(source, filter);
  if (!plan) return { source, resources: { kind: "scan", filter } };
  const candidates = await lookUp(source, plan.lookups, deadline);
  const { kept, read } = await keep(source, plan.rest, candidates, deadline);
  if (read < candidates.length) throw timeIsOver(source.type.name, source.advice);
  return { source, resources: { kind: "found", list: kept } };
}

/**
 * The resources that satisfy every filter, in the given order. `read` counts the resources that were examined before
 * the time was over: at least one if there is one.
 */
export async function keep(
  source: Source,
  filters: readonly Filter[],
  list: readonly Stored[],
  deadline: Deadline,
): Promise<{ readonly kept: readonly Stored[]; readonly read: number }> {
  if (filters.length === 0) return { kept: list, read: list.length };
  const withConnections = filters.some((filter) => reads(filter, source.connection));
  const verdicts = await mapBounded(
    list,
    WIDTH,
    async (stored) => {
      const resource = await source.represent(stored, withConnections);
      return resource !== undefined && filters.every((filter) => matches(filter, resource));
    },
    () => isOver(deadline),
  );
  return { kept: list.filter((_, index) => verdicts[index]), read: verdicts.length };
}

/** The whole selection, in order of id. Throws 400 `tooMany` where that reads more than 5,000 resources or takes too long. */
export async function collect({ source, resources }: TypeSelection, deadline: Deadline): Promise<readonly Stored[]> {
  if (resources.kind === "found") return resources.list;
  const filters = resources.kind === "scan" ? [resources.filter] : [];
  const collected: Stored[] = [];
  let total = 0;
  let after: string | undefined;
  for (;;) {
    const page = await source.pageAfter(after, limits.maxCount);
    total += page.length;
    if (total > limits.scan) throw tooManyToRead(source);
    const { kept, read } = await keep(source, filters, page, deadline);
    collected.push(...kept);
    if (read === page.length && page.length < limits.maxCount) return collected;
    if (isOver(deadline)) throw timeIsOver(source.type.name, source.advice);
    after = page.at(-1)?.id;
  }
}

function tooManyToRead({ type, advice }: Source): ScimError {
  return ScimError.tooMany(`This ${type.name} query reads more than ${limits.scan} resources. ${advice}`);
}
