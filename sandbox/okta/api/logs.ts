import { invalid } from "../org/errors.ts";
import type { Call, Route } from "./http.ts";
import { page } from "./paging.ts";
import { compileSearch } from "./search.ts";
import type { Store } from "../org/store.ts";
import { renderLogEvent } from "../org/systemLog.ts";

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** Milliseconds since 1970 of an ISO 8601 parameter. */
function timeOf(call: Call, name: "since" | "until"): number | undefined {
  const text = call.query.get(name);
  if (text === null || text === "") return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(name, `${name}: The field must be a date-time in ISO 8601`);
  return time;
}

/**
 * The System Log. A request without `until` polls: its answer has a `next` link even if there are no more events yet
 * (developer.okta.com, "System Log API", request types).
 */
export function logRoutes(store: Store): Route[] {
  return [
    {
      path: "GET /api/v1/logs",
      handle: (call) => {
        const filter = call.query.get("filter") ?? "";
        const test = filter === "" ? () => true : compileSearch("filter", filter);
        const until = timeOf(call, "until");
        const since = timeOf(call, "since") ?? (until ?? Date.now()) - WEEK_MS;
        const words = (call.query.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
        const events = store.log.events
          .filter(({ published }) => {
            const time = Date.parse(published);
            return time >= since && time < (until ?? Infinity);
          })
          .map((event) => ({ id: event.uuid, event: renderLogEvent(event) }))
          .filter(({ event }) => {
            const text = words.length === 0 ? "" : JSON.stringify(event).toLowerCase();
            return words.every((word) => text.includes(word)) && test(event);
          });
        const descending = call.query.get("sortOrder") === "DESCENDING";
        if (descending) events.reverse();
        const endless = until === undefined && !descending;
        return page(call, events, { fallback: 100, most: 1000, endless }, ({ event }) => event);
      },
    },
  ];
}
