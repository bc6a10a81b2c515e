import { create, getOne, lookUp, patch, remove, replace } from "./resources.ts";
import type { Connection, Send } from "./transport.ts";
import type { Json } from "../org/model.ts";

const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

export interface Member {
  /** SCIM id */
  readonly value: string;
  /** userName */
  readonly display: string;
}

export interface GroupContent {
  readonly name: string;
  readonly members: readonly Member[];
}

/** The most members that one PATCH names (observed: "up to 256 memberships in one PATCH"). */
const MEMBERS_PER_PATCH = 256;

/**
 * Links the group with that name, or creates an empty one.
 * @returns the group's SCIM id
 */
export async function findOrCreate(send: Send, connection: Connection, name: string): Promise<string> {
  const found = await lookUp(send, connection, "Groups", "displayName", name);
  const empty = { schemas: [GROUP], displayName: name, members: [] };
  return (found ?? (await create(send, connection, "Groups", empty))).id;
}

/** Sends the name and the whole member list. */
export async function pushAll(send: Send, connection: Connection, id: string, content: GroupContent): Promise<void> {
  if (connection.kind === "aiw") return putGroup(send, connection, id, content);
  const [first = [], ...rest] = chunks(content.members);
  await patch(send, connection, "Groups", id, [rename(id, content), { op: "replace", path: "members", value: first }]);
  for (const more of rest) await patch(send, connection, "Groups", id, [rename(id, content), add(more)]);
}

/** Sends a change. For an AIW app, the only message is the whole group. */
export async function pushChange(
  send: Send,
  connection: Connection,
  id: string,
  content: GroupContent,
  before: readonly string[],
): Promise<void> {
  if (connection.kind === "aiw") return putGroup(send, connection, id, content);
  const now = new Set(content.members.map(({ value }) => value));
  const known = new Set(before);
  const removed = before.filter((value) => !now.has(value));
  const added = content.members.filter(({ value }) => !known.has(value));
  const removals = chunks(removed).map((some) =>
    some.map((value): Json => ({ op: "remove", path: `members[value eq "${value}"]` })),
  );
  const operations = [...removals, ...chunks(added).map((some) => [add(some)])];
  for (const some of operations.length === 0 ? [[]] : operations) {
    await patch(send, connection, "Groups", id, [rename(id, content), ...some]);
  }
}

export const deleteGroup = (send: Send, connection: Connection, id: string): Promise<void> =>
  remove(send, connection, "Groups", id);

async function putGroup(send: Send, connection: Connection, id: string, content: GroupContent): Promise<void> {
  await getOne(send, connection, "Groups", id);
  await replace(send, connection, "Groups", id, {
    schemas: [GROUP],
    displayName: content.name,
    members: content.members,
  });
}

const rename = (id: string, { name }: GroupContent): Json => ({ op: "replace", value: { id, displayName: name } });
const add = (members: readonly Member[]): Json => ({ op: "add", path: "members", value: members });

function chunks<T>(items: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += MEMBERS_PER_PATCH) {
    result.push(items.slice(start, start + MEMBERS_PER_PATCH));
  }
  return result;
}
