import { invalid } from "./errors.ts";
import type { Call, Reply } from "./http.ts";

export interface PageLimits {
  readonly fallback: number;
  readonly most: number;
}

/** One page after the cursor `after` (the id of the last item before it), with `self` and `next` links. */
export function page<T extends { readonly id: string }>(
  call: Call,
  items: readonly T[],
  limits: PageLimits,
  render: (item: T) => unknown,
): Reply {
  const limit = limitOf(call.query.get("limit"), limits);
  const after = call.query.get("after") ?? "";
  const start = after === "" ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const shown = items.slice(start, start + limit);
  const last = shown.at(-1);
  const links = [`<${call.origin}${call.target}>; rel="self"`];
  if (last !== undefined && start + limit < items.length) {
    const next = new URL(call.target, call.origin);
    next.searchParams.set("after", last.id);
    next.searchParams.set("limit", String(limit));
    links.push(`<${next.href}>; rel="next"`);
  }
  return { status: 200, body: shown.map(render), links };
}

function limitOf(text: string | null, { fallback, most }: PageLimits): number {
  if (text === null || text === "") return fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    throw invalid("limit", "limit: The field must be a whole number of at least 1");
  return Math.min(limit, most);
}
