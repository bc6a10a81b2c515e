import type { LogEvent, Org } from "../okta/index.ts";
import type { Tenant } from "../tenant.ts";
import { createSummarizer, toCurl, type ExchangeSummary } from "./exchangeView.ts";

/** Something that happened in Okta and may be why exchanges follow. */
export interface Happening {
  readonly kind: "event";
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly who: string;
  readonly failed: boolean;
  readonly reason?: string;
}

export type TimelineEntry = (ExchangeSummary & { readonly kind: "exchange" }) | Happening;

export const timelineKinds = ["all", "exchanges", "writes", "users", "groups", "failed"] as const;

export interface TimelineQuery {
  readonly search: string;
  readonly kind: (typeof timelineKinds)[number];
  readonly count: number;
}

export interface Timeline {
  /** Newest first. */
  list(query: TimelineQuery): { readonly total: number; readonly items: readonly TimelineEntry[] };
  /** An exchange in full, by id. */
  exchange(id: number): unknown;
  /** @param authorization the header's value, or undefined to leave it out */
  curl(id: number, authorization: string | undefined): string | undefined;
  /** Every exchange that is kept, oldest first, in full. */
  all(): readonly unknown[];
}

const CAUSES = /^(?:user\.|group\.|application\.user_membership\.)/;

function happening(event: LogEvent): Happening {
  const { reason, result } = event.outcome;
  return {
    kind: "event",
    id: event.uuid,
    at: event.published,
    text: event.displayMessage,
    who: event.target.map(({ displayName }) => displayName).join(" · "),
    failed: result === "FAILURE",
    ...(reason === undefined ? {} : { reason }),
  };
}

const kindTests: Readonly<Record<TimelineQuery["kind"], (entry: TimelineEntry) => boolean>> = {
  all: () => true,
  exchanges: ({ kind }) => kind === "exchange",
  writes: (entry) => entry.kind === "exchange" && entry.method !== "GET",
  users: (entry) => entry.kind === "exchange" && entry.path.startsWith("/Users"),
  groups: (entry) => entry.kind === "exchange" && entry.path.startsWith("/Groups"),
  failed: ({ failed }) => failed,
};

const textsOf = (entry: TimelineEntry): string =>
  (entry.kind === "event"
    ? `${entry.text} ${entry.who}`
    : `${entry.method} ${entry.status} ${entry.path} ${entry.what}`
  ).toLowerCase();

/** What Okta did and what it sent, in the order of time. An exchange is put in words once, when it happens. */
export function createTimeline(tenant: Tenant): Timeline & { readonly close: () => void } {
  const { org } = tenant;
  const summarize = createSummarizer();
  const known = new Map<number, ExchangeSummary>();
  const add = (exchange: Org["exchanges"][number]): void => {
    known.set(exchange.id, summarize(exchange, tenant.costOf(exchange)));
    // The org forgets its oldest exchanges; so does this.
    const oldest = org.exchanges[0]?.id ?? 0;
    for (const id of known.keys()) {
      if (id >= oldest) break;
      known.delete(id);
    }
  };
  org.exchanges.forEach(add);
  const close = org.onExchange(add);
  const full = (exchange: Org["exchanges"][number]): unknown => ({ ...exchange, ...known.get(exchange.id) });

  return {
    close,
    list: ({ search, kind, count }) => {
      const wanted = search.trim().toLowerCase();
      const fits = (entry: TimelineEntry): boolean =>
        kindTests[kind](entry) && (wanted === "" || textsOf(entry).includes(wanted));
      const exchanges = [...known.values()].map((one): TimelineEntry => ({ kind: "exchange", ...one })).filter(fits);
      const isCause = ({ eventType, outcome }: LogEvent): boolean =>
        CAUSES.test(eventType) || outcome.result === "FAILURE";
      const events = org.systemLog.filter(isCause).map(happening).filter(fits);
      // Of what has the same time the cause comes first, so it stands below its effect.
      const items = [...exchanges.reverse(), ...events.reverse()].sort((a, b) =>
        a.at === b.at ? 0 : a.at < b.at ? 1 : -1,
      );
      return { total: items.length, items: items.slice(0, count) };
    },
    exchange: (id) => {
      const found = org.exchanges.find((exchange) => exchange.id === id);
      return found === undefined ? undefined : full(found);
    },
    curl: (id, authorization) => {
      const found = org.exchanges.find((exchange) => exchange.id === id);
      return found === undefined ? undefined : toCurl(found, authorization);
    },
    all: () => org.exchanges.map(full),
  };
}
