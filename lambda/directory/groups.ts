import { randomUUID } from "node:crypto";
import type { Directory, MemberChange, Stored } from "./directory.ts";
import { aliveAt, decodeEdge, type Edge } from "./edges.ts";
import { createEpochs, intentOf } from "./epochs.ts";
import {
  N,
  S,
  checkVersion,
  decodeStored,
  encodeDocument,
  listed,
  moveNames,
  nameTaken,
  namesOf,
  notFound,
  now,
  numberOf,
  textOf,
} from "./items.ts";
import { keys, nameHash, partition, type Item } from "./keys.ts";
import { MAX_SMALL_CHANGE, smallChange } from "./members.ts";
import { busy, pause } from "./retry.ts";
import type { Store } from "./store.ts";

const TOMBSTONE_TTL = 7 * 24 * 60 * 60;
const READ_ATTEMPTS = 3;

type Groups = Pick<
  Directory,
  "createGroup" | "getGroup" | "getGroupWithMembers" | "updateGroup" | "deleteGroup" | "findGroupByDisplayName"
>;

export interface MembersRead {
  readonly item: Item;
  readonly edges: ReadonlyMap<string, Edge>;
}

/** What an update wants of a group's members, against the edges that matter to it. */
export interface MemberPlan {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly edges: ReadonlyMap<string, Edge>;
}

export function createGroups(store: Store): Groups {
  const { table, deadline } = store;
  const epochs = createEpochs(store);

  async function live(id: string): Promise<Item> {
    const item = await store.get(keys.resource("Group", id));
    if (item === undefined || item["gone"] !== undefined) throw notFound("Group", id);
    return item;
  }

  /** The group and all its edges in one consistent view. */
  async function readMembers(id: string): Promise<MembersRead> {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const edges = new Map<string, Edge>();
      let item: Item | undefined;
      let pages = 0;
      for await (const page of store.query(partition.resource("Group", id))) {
        pages += 1;
        for (const row of page) {
          if (textOf(row, "sk") === "#") item = row;
          else {
            const edge = decodeEdge(row);
            edges.set(edge.userId, edge);
          }
        }
      }
      if (item === undefined || item["gone"] !== undefined) throw notFound("Group", id);
      // A change between two pages could show one half of itself.
      if (pages === 1 || numberOf(await live(id), "v") === numberOf(item, "v")) return { item, edges };
    }
    throw busy(1);
  }

  /** Which of these ids are users that are there to stay. */
  async function existing(ids: readonly string[]): Promise<Set<string>> {
    const users = await store.batchGet(ids.map((id) => keys.resource("User", id)));
    return new Set(users.filter((user) => user["deleting"] === undefined).map((user) => textOf(user, "pk").slice(2)));
  }

  const aliveIds = ({ item, edges }: MembersRead): Set<string> => {
    const epoch = numberOf(item, "e");
    return new Set([...edges.values()].filter((edge) => aliveAt(edge, epoch)).map((edge) => edge.userId));
  };

  /** The ids to add and to remove, without those that are as wanted and those that no user has. */
  async function planMembers(item: Item, change: MemberChange, read: MembersRead | undefined): Promise<MemberPlan> {
    const epoch = numberOf(item, "e");
    if (change.kind === "delta") {
      const asked = [...new Set([...change.add, ...change.remove])];
      const id = decodeStored(item).id;
      const rows = await store.batchGet([
        ...asked.map((user) => keys.member(id, user)),
        ...[...change.add].map((user) => keys.resource("User", user)),
      ]);
      const edges = new Map(
        rows
          .filter((row) => textOf(row, "pk").startsWith("G#"))
          .map((row) => [textOf(row, "sk").slice(2), decodeEdge(row)]),
      );
      const users = new Set(
        rows
          .filter((row) => textOf(row, "pk").startsWith("U#") && row["deleting"] === undefined)
          .map((row) => textOf(row, "pk").slice(2)),
      );
      const isMember = (user: string): boolean => {
        const edge = edges.get(user);
        return edge !== undefined && aliveAt(edge, epoch);
      };
      return {
        add: [...change.add].filter((user) => !isMember(user) && users.has(user)),
        remove: [...change.remove].filter((user) => isMember(user) && !change.add.has(user)),
        edges,
      };
    }
    if (read === undefined) throw new Error("a change of the whole list was planned without the list");
    const members = aliveIds(read);
    const target = change.kind === "replace" ? change.members : change.edit(members);
    const missing = [...target].filter((user) => !members.has(user));
    const users = missing.length > 0 ? await existing(missing) : new Set<string>();
    return {
      add: missing.filter((user) => users.has(user)),
      remove: [...members].filter((user) => !target.has(user)),
      edges: read.edges,
    };
  }

  async function updateGroup(...[id, change, options]: Parameters<Directory["updateGroup"]>): Promise<Stored> {
    for (let attempt = 0; ; attempt += 1) {
      const first = await live(id);
      checkVersion(decodeStored(first), options);
      const wanted = change(decodeStored(first));
      const intent = intentOf(first);
      const leftOver = intent !== undefined && (intent.parked || intent.until < Date.now());
      const whole = leftOver || (wanted.members !== undefined && wanted.members.kind !== "delta");
      const read = whole ? await readMembers(id) : undefined;
      const item = read?.item ?? first;
      const current = decodeStored(item);
      if (current.version === decodeStored(first).version && (intent === undefined || leftOver)) {
        const done = await attemptUpdate(item, current, wanted, {
          read,
          leftOver,
          exact: whole || options?.ifMatch !== undefined,
        });
        if (done !== undefined) return done;
      }
      await pause(Math.max(attempt, intent === undefined ? 0 : 3), deadline);
    }
  }

  /** Undefined when somebody else changed the group in between. */
  async function attemptUpdate(
    item: Item,
    current: Stored,
    wanted: ReturnType<Parameters<Directory["updateGroup"]>[1]>,
    how: { readonly read: MembersRead | undefined; readonly leftOver: boolean; readonly exact: boolean },
  ): Promise<Stored | undefined> {
    const same = JSON.stringify(wanted.attributes) === textOf(item, "doc");
    const plan = wanted.members && (await planMembers(item, wanted.members, how.read));
    const size = plan === undefined ? 0 : plan.add.length + plan.remove.length;
    if (same && size === 0 && !how.leftOver) return current;
    const names = namesOf("Group", wanted.attributes);
    const moved = moveNames(table, "Group", current.id, namesOf("Group", current.attributes), names);
    const document = encodeDocument("Group", wanted.attributes, Number(current.version) + 1, now());
    const update = { item, document, moved, same, exact: how.exact || !same };
    const refused =
      how.leftOver || size > MAX_SMALL_CHANGE
        ? await epochs.apply(update, plan ?? { add: [], remove: [], edges: new Map() }, {
            adopted: how.leftOver ? how.read?.edges : undefined,
            existing,
          })
        : await smallChange(store, update, plan);
    if (refused === undefined) return decodeStored({ ...item, ...document });
    const holder = refused[moved.nameIndex]?.Item?.["id"]?.S;
    if (holder !== undefined && holder !== current.id) throw nameTaken("Group", names.name);
    return undefined;
  }

  async function createGroup(...[attributes, members]: Parameters<Directory["createGroup"]>): Promise<Stored> {
    const id = randomUUID();
    const created = now();
    const names = namesOf("Group", attributes);
    const item: Item = {
      ...keys.resource("Group", id),
      ...encodeDocument("Group", attributes, 1, created),
      c: S(created),
      e: N(0),
    };
    const moved = moveNames(table, "Group", id, undefined, names);
    const refused = await store.transact([
      ...moved.items,
      { Put: { TableName: table, Item: item } },
      ...listed(table, "Group", id, 1),
    ]);
    if (refused !== undefined && refused[moved.nameIndex]?.Item?.["id"]?.S !== id) throw nameTaken("Group", names.name);
    if (members.size === 0) return decodeStored(item);
    return updateGroup(id, (current) => ({
      attributes: current.attributes,
      members: { kind: "delta", add: members, remove: new Set() },
    }));
  }

  async function deleteGroup(...[id, options]: Parameters<Directory["deleteGroup"]>): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const item = await store.get(keys.resource("Group", id));
      if (item === undefined) throw notFound("Group", id);
      if (item["gone"] !== undefined) {
        if (!(await clearEdges(id))) throw notFound("Group", id);
        return;
      }
      const current = decodeStored(item);
      checkVersion(current, options);
      const moved = moveNames(table, "Group", id, namesOf("Group", current.attributes), undefined);
      const refused = await store.transact([
        {
          Put: {
            TableName: table,
            Item: {
              ...keys.resource("Group", id),
              gone: { BOOL: true },
              ttl: N(Math.floor(Date.now() / 1000) + TOMBSTONE_TTL),
            },
            ConditionExpression: "v = :v",
            ExpressionAttributeValues: { ":v": N(Number(current.version)) },
          },
        },
        ...moved.items,
        ...listed(table, "Group", id, -1),
      ]);
      if (refused === undefined) {
        await clearEdges(id);
        return;
      }
      await pause(attempt, deadline);
    }
  }

  /** Removes what is left of a deleted group; nobody sees it, so it may take several requests. False when nothing was. */
  async function clearEdges(id: string): Promise<boolean> {
    let found = false;
    for await (const page of store.query(partition.resource("Group", id), { beginsWith: "M#" })) {
      if (page.length === 0) continue;
      found = true;
      const users = page.map((edge) => textOf(edge, "sk").slice(2));
      await store.batchWrite(users.map((user) => ({ DeleteRequest: { Key: keys.membership(user, id) } })));
      await store.batchWrite(users.map((user) => ({ DeleteRequest: { Key: keys.member(id, user) } })));
      if (deadline.remaining() < 1_000) throw busy();
    }
    return found;
  }

  return {
    createGroup,
    updateGroup,
    deleteGroup,
    getGroup: async (id) => decodeStored(await live(id)),
    async getGroupWithMembers(id) {
      const read = await readMembers(id);
      return { group: decodeStored(read.item), members: [...aliveIds(read)] };
    },
    async findGroupByDisplayName(displayName) {
      const reservation = await store.get(keys.name(nameHash("Group", displayName)));
      const item = reservation && (await store.get(keys.resource("Group", textOf(reservation, "id"))));
      return item === undefined || item["gone"] !== undefined ? undefined : decodeStored(item);
    },
  };
}
