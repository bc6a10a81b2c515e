import { soughtName } from "./exchangeView.ts";
import type { Exchange } from "../okta/index.ts";
import type { Happening, TimelineEntry } from "./happening.ts";

/** A person or a group of the org, by its id in Okta. */
export interface Subject {
  readonly type: "person" | "group";
  readonly id: string;
}

type ExchangeEntry = Extract<TimelineEntry, { kind: "exchange" }>;

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The SCIM ids in a `members` value, or in the path `members[value eq "…"]`. */
const memberIds = (value: unknown): readonly unknown[] => listOf(value).map((member) => recordOf(member)["value"]);

/**
 * Whether a write of a group leaves a SCIM id in it; undefined if the write does not tell, as a rename.
 * @param before whether the id was in the group before
 */
function isMemberAfter(id: string, { method, requestBody }: Exchange, before: boolean): boolean | undefined {
  const body = recordOf(requestBody);
  if (method === "DELETE") return false;
  if (method !== "PATCH") return memberIds(body["members"]).includes(id);
  let after: boolean | undefined;
  for (const operation of listOf(body["Operations"]).map(recordOf)) {
    const { op, path, value } = operation;
    if (typeof path !== "string" || !path.startsWith("members")) continue;
    const names = memberIds(value).includes(id) || path.includes(`"${id}"`);
    if (op === "replace") after = names;
    else if (names) after = op === "add";
    else if (op === "remove" && value === undefined && path === "members") after = false;
  }
  return after ?? before;
}

interface Known {
  readonly scimIds: Set<string>;
  /** Logins or names that the subject has had. */
  readonly names: Set<string>;
}

/** The ids and names of the subject, from the events and exchanges themselves, so that a deleted one has a story too. */
function knownOf(subject: Subject, entries: readonly TimelineEntry[], exchanges: readonly Exchange[]): Known {
  const known: Known = { scimIds: new Set(), names: new Set() };
  for (const entry of entries)
    if (entry.kind === "event")
      for (const { id, name } of entry.targets) if (id === subject.id) known.names.add(name.toLowerCase());
  const root = subject.type === "person" ? "/Users" : "/Groups";
  for (const { url, requestBody, responseBody } of exchanges) {
    if (!new RegExp(`${root}(?:[/?]|$)`).test(url)) continue;
    const [request, response] = [recordOf(requestBody), recordOf(responseBody)];
    for (const body of [request, response, ...listOf(response["Resources"]).map(recordOf)]) {
      const name = subject.type === "person" ? body["userName"] : body["displayName"];
      const isOwn =
        subject.type === "person"
          ? body["externalId"] === subject.id
          : typeof name === "string" && known.names.has(name.toLowerCase());
      const id = body["id"] ?? (body === request ? response["id"] : undefined);
      if (isOwn && typeof id === "string") known.scimIds.add(id);
      if (isOwn && typeof name === "string") known.names.add(name.toLowerCase());
    }
  }
  return known;
}

/** Whether an exchange looked for the subject by its name. */
function looksFor({ names }: Known, { url, method }: Exchange): boolean {
  const wanted = method === "GET" ? new URL(url).searchParams.get("filter") : null;
  return wanted !== null && names.has((soughtName(wanted) ?? "").toLowerCase());
}

/**
 * Adds to a person's events in Okta the deletion of each group that the person was in: it ends the membership, and names
 * only the group. Each event is given once, in order.
 */
function createEventTeller({ id, type }: Subject): (event: Happening) => readonly Happening[] {
  const groups = new Set<string>();
  return (event) => {
    const { targets, effect } = event;
    const group = targets.find((target) => target.type === "group")?.id;
    if (targets.some((target) => target.id === id)) {
      if (group !== undefined && effect === "joined") groups.add(group);
      if (group !== undefined && effect === "left") groups.delete(group);
      return [event];
    }
    const isEnd = type === "person" && effect === "deleted" && group !== undefined && groups.delete(group);
    return isEnd ? [{ ...event, reason: "The person left the group with its deletion." }] : [];
  };
}

/**
 * Everything that happened to a person or a group, oldest first: its events in Okta, the requests about its record, and
 * for a person also the end of the groups that it was in, and the requests that put it into a group of the directory or
 * took it out.
 */
export function storyOf(
  subject: Subject,
  entries: readonly TimelineEntry[],
  exchanges: readonly Exchange[],
): readonly TimelineEntry[] {
  const known = knownOf(subject, entries, exchanges);
  const own = subject.type === "person" ? "Users" : "Groups";
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  /** By the group's SCIM id: whether the person is in it. */
  const memberships = new Map<string, boolean>();
  const changesMembership = (groupId: string, exchange: Exchange): boolean => {
    const before = memberships.get(groupId) ?? false;
    const after = [...known.scimIds].some((id) => isMemberAfter(id, exchange, before) === true);
    memberships.set(groupId, after);
    return after !== before;
  };
  const tellEvent = createEventTeller(subject);
  const isTold = (entry: ExchangeEntry): boolean => {
    const exchange = byId.get(entry.id);
    if (exchange === undefined) return false;
    const { resource } = entry;
    if (resource?.type === own) return known.scimIds.has(resource.id) || looksFor(known, exchange);
    if (resource === undefined) {
      // A request that failed names no resource, but its body may name the subject.
      const body = recordOf(exchange.requestBody);
      const name = own === "Users" ? body["userName"] : body["displayName"];
      const isOwn = entry.path.startsWith(`/${own}`) && typeof name === "string" && known.names.has(name.toLowerCase());
      return isOwn || (entry.path.startsWith(`/${own}`) && looksFor(known, exchange));
    }
    const isWrite = subject.type === "person" && exchange.method !== "GET" && !entry.failed;
    return isWrite && changesMembership(resource.id, exchange);
  };
  return entries.flatMap((entry): readonly TimelineEntry[] => {
    if (entry.kind === "event") return tellEvent(entry);
    return isTold(entry) ? [entry] : [];
  });
}
