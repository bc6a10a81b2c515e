import { invalid } from "../org/errors.ts";
import type { Call, Reply } from "./http.ts";

export interface PageOptions {
  readonly fallback: number;
  readonly most: number;
  /** Okta repeats the query in its `self` link, except in lists of mappings. */
  readonly bareSelf?: boolean;
  /** A list that may grow at its end has a `next` link on every page (System Log, "polling requests"). */
  readonly endless?: boolean;
}

/** One page after the cursor `after` (the id of the last item before it), with `self` and `next` links. */
export function page<T extends { readonly id: string }>(
  call: Call,
  items: readonly T[],
  options: PageOptions,
  render: (item: T) => unknown,
): Reply {
  const limit = limitOf(call.query.get("limit"), options);
  const after = call.query.get("after") ?? "";
  const start = startOf(call, items, after);
  const shown = items.slice(start, start + limit);
  const cursor = shown.at(-1)?.id ?? (options.endless === true ? after : "");
  const links = [link(call, "self", { after, limit, bare: options.bareSelf === true })];
  const following = items[start + limit];
  if (following !== undefined) call.cursors.set(cursor, following.id);
  if (following !== undefined || options.endless === true) {
    links.push(link(call, "next", { after: cursor, limit, bare: false }));
  }
  return { status: 200, body: shown.map(render), links };
}

/** The item after the cursor. If the cursor's own item was deleted meanwhile, the item that followed it. */
function startOf(call: Call, items: readonly { readonly id: string }[], after: string): number {
  if (after === "") return 0;
  const position = items.findIndex(({ id }) => id === after);
  if (position >= 0) return position + 1;
  const following = call.cursors.get(after);
  if (following === undefined) throw invalid("after", "after: The cursor is not one of this list");
  const next = items.findIndex(({ id }) => id === following);
  return next >= 0 ? next : items.length;
}

function link(
  call: Call,
  rel: "self" | "next",
  { after, limit, bare }: { readonly after: string; readonly limit: number; readonly bare: boolean },
): string {
  const url = new URL(call.target, call.origin);
  const rest = bare ? [] : [...url.searchParams].filter(([key, value]) => key !== "after" && key !== "limit" && value);
  const first: [string, string][] = after === "" ? [] : [["after", after]];
  url.search = new URLSearchParams([...first, ["limit", String(limit)], ...rest]).toString();
  return `<${url.href}>; rel="${rel}"`;
}

function limitOf(text: string | null, { fallback, most }: PageOptions): number {
  if (text === null || text === "") return fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid("limit", "limit: The field must be a whole number of at least 1");
  return Math.min(limit, most);
}
