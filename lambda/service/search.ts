import { mapBounded } from "../concurrency.ts";
import { busy, pause } from "../directory/retry.ts";
import { readPage } from "../query/list.ts";
import type { CursorPosition, Cursors } from "../query/cursor.ts";
import type { ListPage } from "../query/page.ts";
import type { Query } from "../query/query.ts";
import type { Entry, ListPosition } from "../query/sort.ts";
import { WIDTH } from "../query/source.ts";
import { limits } from "../scim/limits.ts";
import { readProjection, wants } from "../scim/representation/projection.ts";
import { cursorPage, indexPage } from "../scim/representation/resource.ts";
import { listText, resourceText } from "../scim/representation/text.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import type { Context } from "./context.ts";
import { createSightings, type Sightings } from "./snapshot.ts";
import { sourceOf, type ShownSource } from "./sources.ts";

/** A query with the attributes that its answer shows (RFC 7644 §3.9). */
export interface SearchRequest extends Query {
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
}

/** The answer to a query: a ListResponse as JSON. */
export interface SearchAnswer {
  readonly body: string;
  /** The page with as many of its resources as fit in a size; undefined if not even one fits. */
  within(limit: number, sizeOf: (resource: string) => number): string | undefined;
}

/** A resource of a page as the client wants it, in JSON; undefined if it was deleted meanwhile. */
interface Shown {
  readonly entry: Entry;
  readonly resource: string | undefined;
  /** How many members it has in the answer. */
  readonly members: number;
}

/** Attempts to read a list while changes overtake the reads. */
const ATTEMPTS = 12;

/**
 * Answers a query over one resource type or several (RFC 7644 §3.4.2). A page ends early if its resources have more than
 * 50,000 members together, or if the time is over; its `itemsPerPage` and its cursors say where the list continues.
 * Groups that are found by a member are of one committed state. @throws BusyError if changes overtake every attempt
 */
export async function search(
  context: Context,
  types: readonly ResourceType[],
  request: SearchRequest,
): Promise<SearchAnswer> {
  let earlier: Sightings | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const sightings = createSightings();
    const answer = await searchOnce(context, types, request, sightings);
    if (sightings.areOfOneMoment(earlier)) return answer;
    earlier = sightings;
    await pause(attempt, context.deadline);
  }
  throw busy(1);
}

async function searchOnce(
  context: Context,
  types: readonly ResourceType[],
  request: SearchRequest,
  sightings: Sightings,
): Promise<SearchAnswer> {
  const { cursors } = context.service;
  const sources = types.map((type) => sourceOf(context, type, sightings));
  const page = await readPage(sources, request, { cursors, deadline: context.deadline });
  const shown = await showEntries(context, sources, request, page);
  return {
    body: render(cursors, page, shown),
    within(limit, sizeOf) {
      const count = countWithin(limit, shown, ({ resource }) => (resource ? sizeOf(resource) : 0));
      return count === 0 ? undefined : render(cursors, page, shown.slice(0, count));
    },
  };
}

/** The entries of a page, starting with those nearest to where the client comes from; at least one if there is one. */
async function showEntries(
  { deadline, service: { baseUrl } }: Context,
  sources: readonly ShownSource[],
  { attributes, excludedAttributes }: SearchRequest,
  page: ListPage,
): Promise<readonly Shown[]> {
  const views = sources.map((source) => {
    const projection = readProjection(source.type, attributes, excludedAttributes);
    return { source, projection, withConnections: wants(source.type, projection, source.connection) };
  });
  let members = 0;
  const shown = await mapBounded(
    inReadingOrder(page, page.entries),
    WIDTH,
    async (entry): Promise<Shown> => {
      const view = views[entry.position.type];
      const found = await view?.source.connected(entry.stored, view.withConnections);
      if (view === undefined || found === undefined) return { entry, resource: undefined, members: 0 };
      const own = found.connections.members?.length ?? 0;
      members += own;
      const { source, projection } = view;
      // Text at once: the objects of a whole page would be in memory together.
      return { entry, resource: resourceText({ type: source.type, projection, baseUrl, ...found }), members: own };
    },
    () => members > limits.pageMembers || deadline.remaining() <= 0,
  );
  const count = countWithin(limits.pageMembers, shown, (one) => one.members);
  return shown.slice(0, Math.max(1, count));
}

/** How many items, from the first on, weigh at most `limit` together. */
function countWithin<T>(limit: number, items: readonly T[], amountOf: (item: T) => number): number {
  let sum = 0;
  const end = items.findIndex((item) => (sum += amountOf(item)) > limit);
  return end < 0 ? items.length : end;
}

function inReadingOrder<T>(page: ListPage, items: readonly T[]): readonly T[] {
  return page.kind === "cursor" && page.backwards ? items.toReversed() : items;
}

function render(cursors: Cursors, page: ListPage, shown: readonly Shown[]): string {
  const resources = inReadingOrder(page, shown).flatMap(({ resource }) => resource ?? []);
  const itemsPerPage = resources.length;
  if (page.kind === "index") return listText(indexPage(page.total, page.startIndex, itemsPerPage), resources);
  const { query, backwards, total } = page;
  const end = shown.length < page.entries.length ? shown.at(-1)?.entry.position : undefined;
  const seal = (direction: CursorPosition["direction"], position: ListPosition | undefined): string | undefined =>
    position && cursors.seal({ direction, ...position }, query);
  const head = cursorPage({
    total,
    next: seal("next", backwards ? page.next : (end ?? page.next)),
    previous: seal("previous", backwards ? (end ?? page.previous) : page.previous),
    itemsPerPage,
  });
  return listText(head, resources);
}
