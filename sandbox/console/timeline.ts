import { randomUUID } from "node:crypto";
import type { Exchange, LogEvent, Org } from "../okta/index.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Happening, Target, TimelineEntry } from "./happening.ts";
import { historyPage, type HistoryPage, type HistoryQuery } from "./historyPage.ts";
import { storyOf, type Subject } from "./story.ts";
import { bodyText, createSummarizer, toCurl } from "./exchangeView.ts";

export const timelineKinds = ["all", "exchanges", "writes", "users", "groups", "failed"] as const;

export interface TimelineQuery extends HistoryQuery {
  readonly search: string;
  readonly kind: (typeof timelineKinds)[number];
}

interface Story extends HistoryPage {
  /** The last name that an event gives the subject. */
  readonly lastName: string | undefined;
  /** Whether older exchanges, of anybody, are no longer kept. */
  readonly isCut: boolean;
}

export interface Timeline {
  /** When the directory last accepted a change from Okta, ISO 8601. */
  lastPush(): string | undefined;
  /** Adds an act of a person in the Admin Console that Okta's System Log has no event for. */
  note(at: string, text: string, targets: readonly Target[]): void;
  /** A page of everything that happened to a person or a group, oldest first. */
  story(subject: Subject, query: HistoryQuery): Story;
  /** A page of the entries that match, newest first. */
  list(query: TimelineQuery): HistoryPage;
  /** An exchange by id, with its bodies as text, without the middle of a very long one. */
  exchange(id: number): unknown;
  /** @param authorization the header's value, or undefined to leave it out */
  curl(id: number, authorization: string | undefined): string | undefined;
  /** Every exchange that is kept, oldest first, in full. */
  all(): Iterable<unknown>;
}

const CAUSES = /^(?:user\.|group\.|application\.user_membership\.)/;

const targetTypes: Partial<Record<LogEvent["target"][number]["type"], Target["type"]>> = {
  User: "person",
  UserGroup: "group",
};

const effects: Readonly<Record<string, Happening["effect"]>> = {
  "group.user_membership.add": "joined",
  "group.user_membership.remove": "left",
  "group.lifecycle.delete": "deleted",
};

function happening(event: LogEvent, cause: Happening["cause"]): Happening {
  const { reason, result } = event.outcome;
  const effect = effects[event.eventType];
  return {
    targets: event.target.flatMap(({ type, id, displayName: name }) => {
      const known = targetTypes[type];
      return known === undefined ? [] : [{ type: known, id, name }];
    }),
    kind: "event",
    id: event.uuid,
    at: event.published,
    text: event.displayMessage,
    who: event.target.map(({ displayName }) => displayName).join(" · "),
    failed: result === "FAILURE",
    ...(effect === undefined ? {} : { effect }),
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Milliseconds between the end of a failed request and Okta's event about it, on a machine that is busy. */
const MOST_DELAY_MS = 30_000;

/**
 * The failed request that a failure of provisioning follows from: the last one, if it ended before and no other failure
 * has followed from it.
 */
function causeOf(event: LogEvent, entries: readonly TimelineEntry[]): Happening["cause"] {
  if (event.outcome.result !== "FAILURE" || !event.eventType.startsWith("application.provision")) return undefined;
  const last = entries.findLast((entry) => entry.kind === "exchange");
  if (last?.kind !== "exchange" || !last.failed) return undefined;
  const delay = Date.parse(event.published) - Date.parse(last.at) - last.ms;
  const isKnown = entries.some((entry) => entry.kind === "event" && entry.cause?.id === last.id);
  return isKnown || delay > MOST_DELAY_MS ? undefined : { id: last.id, what: last.what, status: last.status };
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

/**
 * The number of events that are kept; the oldest are dropped first. Exchanges are kept as long as the org keeps them.
 */
const MOST_EVENTS = 5000;

/**
 * Inserts an entry by its time, which is near the end. Of two entries with the same time, the cause comes first: an
 * event before the requests that follow from it, a request before the failure that follows from it.
 */
function insert(entries: TimelineEntry[], entry: TimelineEntry): void {
  const isAfter = (other: TimelineEntry | undefined): boolean =>
    other !== undefined &&
    (other.at > entry.at ||
      (other.at === entry.at && entry.kind === "event" && !entry.failed && other.kind === "exchange"));
  let place = entries.length;
  while (isAfter(entries[place - 1])) place -= 1;
  entries.splice(place, 0, entry);
}

const isShown = ({ eventType, outcome }: LogEvent): boolean => CAUSES.test(eventType) || outcome.result === "FAILURE";

/** The entries, with those of the events that are no longer among them. */
function withEvents(entries: readonly TimelineEntry[], events: readonly LogEvent[]): readonly TimelineEntry[] {
  const kept = new Set(entries.map(({ id }) => id));
  const dropped = events.filter((event) => isShown(event) && !kept.has(event.uuid));
  const all = [...entries];
  for (const event of dropped) insert(all, happening(event, undefined));
  return all;
}

const lastNameOf = (subject: Subject, entries: readonly TimelineEntry[]): string | undefined =>
  entries.flatMap((entry) => (entry.kind === "event" ? entry.targets : [])).findLast(({ id }) => id === subject.id)
    ?.name;

/** The parts of a tenant that its timeline is made of. */
interface TimelineSource extends Pick<Tenant, "costOf"> {
  readonly org: Pick<Org, "exchanges" | "systemLog" | "eventsAbout" | "onExchange" | "onLogEvent">;
}

/** The events in Okta and its requests, in order of time. Each is described once, when it happens. */
export function createTimeline(tenant: TimelineSource): Timeline & { readonly close: () => void } {
  const { org } = tenant;
  const summarize = createSummarizer();
  const entries: TimelineEntry[] = [];
  let events = 0;
  const addExchange = (exchange: Exchange): void => {
    insert(entries, { kind: "exchange", ...summarize(exchange, tenant.costOf(exchange)) });
    const oldest = org.exchanges[0]?.id ?? 0;
    const isForgotten = (entry: TimelineEntry): boolean => entry.kind === "exchange" && entry.id < oldest;
    for (let at = entries.findIndex(isForgotten); at >= 0; at = entries.findIndex(isForgotten)) entries.splice(at, 1);
  };
  const addEvent = (event: LogEvent): void => {
    if (!isShown(event)) return;
    addHappening(happening(event, causeOf(event, entries)));
  };
  const addHappening = (happened: Happening): void => {
    insert(entries, happened);
    events += 1;
    if (events <= MOST_EVENTS) return;
    entries.splice(
      entries.findIndex(({ kind }) => kind === "event"),
      1,
    );
    events -= 1;
  };
  org.exchanges.forEach(addExchange);
  org.systemLog.forEach(addEvent);
  const stops = [org.onExchange(addExchange), org.onLogEvent(addEvent)];
  const find = (id: number): Exchange | undefined => org.exchanges.find((exchange) => exchange.id === id);
  const summaryOf = (id: number): TimelineEntry | undefined =>
    entries.findLast((entry) => entry.kind === "exchange" && entry.id === id);

  return {
    close: () => stops.forEach((stop) => stop()),
    note: (at, text, targets) =>
      addHappening({ kind: "event", id: randomUUID(), at, text, who: "In the Admin Console", targets, failed: false }),
    story: (subject, query) => {
      const all = storyOf(subject, withEvents(entries, org.eventsAbout(subject.id)), org.exchanges);
      const isCut = (org.exchanges[0]?.id ?? 1) > 1;
      return { ...historyPage(all, query, "last"), lastName: lastNameOf(subject, all), isCut };
    },
    lastPush: () => entries.findLast((entry) => kindTests.writes(entry) && !entry.failed)?.at,
    list: ({ search, kind, ...query }) => {
      const wanted = search.trim().toLowerCase();
      const found = entries.filter(
        (entry) => kindTests[kind](entry) && (wanted === "" || textsOf(entry).includes(wanted)),
      );
      return historyPage(found.reverse(), query, "first");
    },
    exchange: (id) => {
      const found = find(id);
      if (found === undefined) return undefined;
      const { requestBody, responseBody, ...rest } = found;
      return {
        ...rest,
        ...summaryOf(id),
        ...(requestBody === undefined ? {} : { requestBody: bodyText(requestBody) }),
        ...(responseBody === undefined ? {} : { responseBody: bodyText(responseBody) }),
      };
    },
    curl: (id, authorization) => {
      const found = find(id);
      return found === undefined ? undefined : toCurl(found, authorization);
    },
    *all() {
      const summaries = new Map(entries.map((entry) => [entry.id, entry]));
      for (const exchange of [...org.exchanges]) yield { ...exchange, ...summaries.get(exchange.id) };
    },
  };
}
