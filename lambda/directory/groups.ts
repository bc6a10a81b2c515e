import { randomUUID } from "node:crypto";
import type { JsonObject } from "../model.ts";
import type { ChangedGroup, Directory, Stored } from "../model.ts";
import { AbsentError } from "./errors.ts";
import { applyEpoch, newIntent } from "./epochs.ts";
import { buryGroup, deleteGroup, removeEdges } from "./groupDeletion.ts";
import { documentChange, holderOf, isAdoptable, isVisible, readGroup, readGroupItem, type Group } from "./group.ts";
import { isAlive } from "./edges.ts";
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
  now,
  numberOf,
  textOf,
} from "./items.ts";
import { isId, keys, nameHash, partition, type Item } from "./keys.ts";
import { addItems, difference, existingUsers, fitsTransaction, smallChange, type Outcome } from "./members.ts";
import { busy, pause } from "./retry.ts";
import type { Store } from "./store.ts";

const READ_ATTEMPTS = 3;

type Groups = Pick<
  Directory,
  "createGroup" | "getGroup" | "getGroupWithMembers" | "updateGroup" | "deleteGroup" | "findGroupByDisplayName"
>;

const changedGroup = (stored: Stored, members: ReadonlySet<string> | undefined): ChangedGroup => ({
  ...stored,
  members: members && [...members].sort(),
});

export function createGroups(store: Store): Groups {
  const { table, deadline } = store;

  /** False while a group that people can see has the name; a creation that was left behind gives it up. */
  async function releaseName(holder: string, owner: string): Promise<boolean> {
    const group = await readGroup(store, holder);
    if (group === undefined) return true;
    if (!group.hidden) return false;
    if (group.intent === undefined || !isAdoptable(group.intent, owner)) return true;
    if (await buryGroup(store, group)) await removeEdges(store, holder);
    return true;
  }

  /** A few members come with the group in one transaction; with many the group stays hidden until all are written. */
  async function createGroup(attributes: JsonObject, members: ReadonlySet<string>): Promise<ChangedGroup> {
    const [id, owner, created] = [randomUUID(), randomUUID(), now()];
    const wanted = [...members].filter(isId);
    const small = fitsTransaction(wanted.length, 0);
    const { name } = namesOf("Group", attributes);
    const item = (version: number): Item => ({
      ...keys.resource("Group", id),
      ...encodeDocument("Group", attributes, version, created),
      c: S(created),
      e: N(0),
    });
    const moved = moveNames(
      table,
      id,
      undefined,
      small ? namesOf("Group", attributes) : { ...namesOf("Group", attributes), externalIdKey: undefined },
    );
    for (let attempt = 0; ; attempt += 1) {
      const users = small && wanted.length > 0 ? await existingUsers(store, wanted) : new Set<string>();
      const known = wanted.filter((user) => users.has(user)).sort();
      const visible = item(1);
      const hidden = {
        ...item(0),
        unborn: { BOOL: true },
        intent: newIntent(owner),
      };
      const rest = small ? [...listed(table, "Group", id, 1), ...addItems(table, id, 0, known)] : [];
      const refused = await store.transact([
        ...moved.items,
        { Put: { TableName: table, Item: small ? visible : hidden } },
        ...rest,
      ]);
      if (refused === undefined && small) return { ...decodeStored(visible), members: known };
      const holder = refused === undefined ? id : holderOf(refused, moved.nameIndex);
      const group = holder === undefined ? undefined : await readGroup(store, holder);
      if (group !== undefined && !group.hidden) {
        if (holder === id) return group.stored;
        throw nameTaken("Group", name);
      }
      // Ours, or what an earlier attempt of the same request left behind.
      if (group?.intent !== undefined && isAdoptable(group.intent, owner)) {
        const outcome = await applyEpoch(store, group, {
          attributes,
          members: { kind: "replace", members },
          owner,
        });
        if (outcome.stored !== undefined) return changedGroup(outcome.stored, outcome.members);
      }
      await pause(attempt, deadline);
    }
  }

  async function visibleGroup(id: string): Promise<Group> {
    const group = await readGroup(store, id);
    if (group === undefined || group.hidden) throw new AbsentError("Group", id);
    return group;
  }

  const updateGroup: Directory["updateGroup"] = async (id, change, options) => {
    const owner = randomUUID();
    for (let attempt = 0; ; attempt += 1) {
      const group = await visibleGroup(id);
      // Our own change, whose answer was lost.
      if (group.committedBy === owner) return group.stored;
      if (group.intent === undefined || isAdoptable(group.intent, owner)) {
        checkVersion(group.stored, options);
        const { attributes, members } = change(group.stored);
        const document = documentChange(store, group, attributes);
        const { stored, nameHolder, members: after } = await apply();
        if (stored !== undefined) return changedGroup(stored, after);
        if (nameHolder !== undefined && nameHolder !== id && !(await releaseName(nameHolder, owner)))
          throw nameTaken("Group", document.name);

        async function apply(): Promise<Outcome> {
          if (group.intent !== undefined) return applyEpoch(store, group, { attributes, members, owner });
          const found = await difference(store, group, members);
          if (!fitsTransaction(found.add.length, found.remove.length)) {
            return applyEpoch(store, group, {
              attributes,
              members,
              difference: found,
              owner,
            });
          }
          return smallChange(store, group, document, found, { owner, exact: options?.ifMatch !== undefined });
        }
      }
      await pause(attempt, deadline);
    }
  };

  /** The group item and its members from one read of its partition; undefined when a change overtook it. */
  async function readWithMembers(id: string): Promise<{ group: Stored; members: string[] } | undefined> {
    let group: Item | undefined;
    let pages = 0;
    const members: string[] = [];
    for await (const page of isId(id) ? store.query(partition.resource("Group", id)) : []) {
      pages += 1;
      // "#" sorts before every edge, so the epoch is known when the first edge is seen.
      group ??= page.find((item) => textOf(item, "sk") === "#");
      if (group === undefined || !isVisible(group)) throw new AbsentError("Group", id);
      for (const item of page) {
        if (textOf(item, "sk") !== "#" && isAlive(item, numberOf(group, "e")))
          members.push(textOf(item, "sk").slice(2));
      }
    }
    if (group === undefined) throw new AbsentError("Group", id);
    if (pages > 1) {
      const after = await readGroupItem(store, id);
      if (after === undefined || numberOf(after, "v") !== numberOf(group, "v")) return undefined;
    }
    return { group: decodeStored(group), members };
  }

  return {
    createGroup,
    updateGroup,
    deleteGroup: (id, options) => deleteGroup(store, id, options),
    async getGroup(id) {
      return (await visibleGroup(id)).stored;
    },
    async getGroupWithMembers(id) {
      for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
        const read = await readWithMembers(id);
        if (read !== undefined) return read;
      }
      throw busy(1);
    },
    async findGroupByDisplayName(displayName) {
      const reservation = await store.get(keys.name(nameHash("Group", displayName)));
      const group = reservation && (await readGroup(store, textOf(reservation, "id")));
      return group === undefined || group.hidden ? undefined : group.stored;
    },
  };
}
