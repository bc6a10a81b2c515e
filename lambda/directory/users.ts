import { randomUUID } from "node:crypto";
import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { JsonObject } from "../model.ts";
import type { Directory, Stored, WriteOptions } from "../model.ts";
import { AbsentError } from "./errors.ts";
import { isAlive } from "./edges.ts";
import { isGone, isVisible } from "./group.ts";
import {
  S,
  N,
  checkVersion,
  decodeStored,
  encodeDocument,
  listed,
  moveNames,
  nameTaken,
  namesOf,
  now,
  numberOf,
  textOf,
} from "./items.ts";
import { isId, keys, nameHash, partition, type Item } from "./keys.ts";
import { pause } from "./retry.ts";
import { chunks, refusedAt, type Store } from "./store.ts";

/** Memberships that one transaction of at most 100 items takes: both edges and the group. */
const MEMBERSHIPS_A_TRANSACTION = 30;

type Users = Pick<
  Directory,
  | "createUser"
  | "getUser"
  | "getUserWithGroups"
  | "updateUser"
  | "deleteUser"
  | "findUserByUserName"
  | "groupsWithMember"
>;

const sameValue = (one: AttributeValue | undefined, other: AttributeValue | undefined): boolean =>
  one?.S === other?.S && one?.N === other?.N;

const isDeleting = (item: Item): boolean => item["deleting"]?.BOOL === true;

export function createUsers(store: Store): Users {
  const { table, deadline } = store;

  async function live(id: string): Promise<Item | undefined> {
    const item = isId(id) ? await store.get(keys.resource("User", id)) : undefined;
    return item === undefined || isDeleting(item) ? undefined : item;
  }

  /** Finishes the deletion that holds a name. True when the name is free now. */
  async function releaseName(holder: string): Promise<boolean> {
    const item = await store.get(keys.resource("User", holder));
    if (item !== undefined && !isDeleting(item)) return false;
    if (item !== undefined) await finishDeletion(item);
    return true;
  }

  async function createUser(attributes: JsonObject): Promise<Stored> {
    const id = randomUUID();
    const names = namesOf("User", attributes);
    const created = now();
    const item: Item = {
      ...keys.resource("User", id),
      ...encodeDocument("User", attributes, 1, created),
      c: S(created),
    };
    const moved = moveNames(table, id, undefined, names);
    for (let attempt = 0; ; attempt += 1) {
      const refused = await store.transact([
        ...moved.items,
        { Put: { TableName: table, Item: item } },
        ...listed(table, "User", id, 1),
      ]);
      if (refused === undefined) return decodeStored(item);
      const holder = refused[moved.nameIndex]?.Item?.["id"]?.S;
      if (holder === id) return decodeStored(item);
      if (holder !== undefined && !(await releaseName(holder))) throw nameTaken("User", names.name);
      await pause(attempt, deadline);
    }
  }

  async function updateUser(
    id: string,
    change: (current: Stored) => JsonObject,
    options?: WriteOptions,
  ): Promise<Stored> {
    let sent: Item | undefined;
    for (let attempt = 0; ; attempt += 1) {
      const item = isId(id) ? await store.get(keys.resource("User", id)) : undefined;
      if (item === undefined) throw new AbsentError("User", id);
      // The answer to our own write was lost.
      if (sent !== undefined && ["doc", "v", "m"].every((name) => sameValue(item[name], sent?.[name])))
        return decodeStored(item);
      if (isDeleting(item)) {
        await finishDeletion(item);
        throw new AbsentError("User", id);
      }
      const current = decodeStored(item);
      checkVersion(current, options);
      const attributes = change(current);
      const version = Number(current.version);
      const next: Item = {
        ...keys.resource("User", id),
        ...encodeDocument("User", attributes, version + 1, now()),
        c: S(current.created),
      };
      if (textOf(next, "doc") === textOf(item, "doc")) return current;
      const names = namesOf("User", attributes);
      const moved = moveNames(table, id, namesOf("User", current.attributes), names);
      const condition = {
        expression: "v = :v AND attribute_not_exists(deleting)",
        values: { ":v": N(version) },
      };
      sent = next;
      if (moved.items.length === 0) {
        if (await store.put(next, condition)) return decodeStored(next);
      } else {
        const refused = await store.transact([
          ...moved.items,
          {
            Put: {
              TableName: table,
              Item: next,
              ConditionExpression: condition.expression,
              ExpressionAttributeValues: condition.values,
            },
          },
        ]);
        if (refused === undefined) return decodeStored(next);
        const holder = refused[moved.nameIndex]?.Item?.["id"]?.S;
        if (holder !== undefined && holder !== id && !(await releaseName(holder))) throw nameTaken("User", names.name);
      }
      await pause(attempt, deadline);
    }
  }

  async function deleteUser(id: string, options?: WriteOptions): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const item = isId(id) ? await store.get(keys.resource("User", id)) : undefined;
      if (item === undefined) throw new AbsentError("User", id);
      if (isDeleting(item)) return finishDeletion(item);
      const current = decodeStored(item);
      checkVersion(current, options);
      // From here nobody can add the user to a group, so the memberships read next are all there will be.
      const marked = await store.update({
        key: keys.resource("User", id),
        expression: "SET deleting = :true",
        condition: "v = :v",
        values: { ":true": { BOOL: true }, ":v": N(Number(current.version)) },
      });
      if (marked !== undefined) return finishDeletion(marked);
      await pause(attempt, deadline);
    }
  }

  /** Takes the user out of all groups, each with both of its edges, and then away. Safe to repeat and to run twice. */
  async function finishDeletion(item: Item): Promise<void> {
    const { id, attributes } = decodeStored(item);
    const groups: string[] = [];
    for await (const page of store.query(partition.resource("User", id), {
      beginsWith: "G#",
    })) {
      groups.push(...page.map((edge) => textOf(edge, "sk").slice(2)));
    }
    for (const chunk of chunks(groups, MEMBERSHIPS_A_TRANSACTION)) await leave(id, chunk);
    const moved = moveNames(table, id, namesOf("User", attributes), undefined);
    // Who comes second must not count the user out again.
    const user = {
      Delete: {
        TableName: table,
        Key: keys.resource("User", id),
        ConditionExpression: "attribute_exists(pk)",
      },
    };
    for (let attempt = 0; ; attempt += 1) {
      const refused = await store.transact([user, ...moved.items, ...listed(table, "User", id, -1)]);
      if (refused === undefined || refusedAt(refused, 0)) return;
      await pause(attempt, deadline);
    }
  }

  /** Removes both edges of each membership; groups get a new version. */
  async function leave(id: string, groups: readonly string[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const existing = await store.batchGet(groups.map((group) => keys.resource("Group", group)));
      const alive = new Set(existing.filter((group) => !isGone(group)).map((group) => textOf(group, "pk").slice(2)));
      const refused = await store.transact(
        groups.flatMap((group): TransactWriteItem[] => [
          { Delete: { TableName: table, Key: keys.member(group, id) } },
          { Delete: { TableName: table, Key: keys.membership(id, group) } },
          ...(alive.has(group) ? [touch(table, group)] : []),
        ]),
      );
      if (refused === undefined) return;
      await pause(attempt, deadline);
    }
  }

  /** The user and its memberships, which share a partition. */
  async function partitionOf(
    id: string,
  ): Promise<{ readonly user: Item | undefined; readonly edges: readonly Item[] }> {
    const items: Item[] = [];
    if (isId(id)) for await (const page of store.query(partition.resource("User", id))) items.push(...page);
    const isUser = (item: Item): boolean => textOf(item, "sk") === "#";
    return { user: items.find(isUser), edges: items.filter((item) => !isUser(item)) };
  }

  /** The groups that memberships lead to, as far as their committed epoch has them, in order of id. */
  async function groupsOf(edges: readonly Item[]): Promise<Stored[]> {
    const idOf = (edge: Item): string => textOf(edge, "sk").slice(2);
    const items = await store.batchGet(edges.map((edge) => keys.resource("Group", idOf(edge))));
    const byId = new Map(items.filter(isVisible).map((item) => [textOf(item, "pk").slice(2), item]));
    return edges.flatMap((edge) => {
      const group = byId.get(idOf(edge));
      return group !== undefined && isAlive(edge, numberOf(group, "e")) ? [decodeStored(group)] : [];
    });
  }

  return {
    createUser,
    updateUser,
    deleteUser,
    async getUser(id) {
      const item = await live(id);
      if (item === undefined) throw new AbsentError("User", id);
      return decodeStored(item);
    },
    async findUserByUserName(userName) {
      const reservation = await store.get(keys.name(nameHash("User", userName)));
      const item = reservation && (await live(textOf(reservation, "id")));
      return item && decodeStored(item);
    },
    async getUserWithGroups(id) {
      const { user, edges } = await partitionOf(id);
      if (user === undefined || isDeleting(user)) throw new AbsentError("User", id);
      return { user: decodeStored(user), groups: await groupsOf(edges) };
    },
    groupsWithMember: async (userId) => groupsOf((await partitionOf(userId)).edges),
  };
}

/** A transaction item that gives a group a new version because its members changed. */
const touch = (table: string, groupId: string): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keys.resource("Group", groupId),
    UpdateExpression: "SET v = v + :one, m = :m",
    ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(gone)",
    ExpressionAttributeValues: { ":one": N(1), ":m": S(now()) },
  },
});
