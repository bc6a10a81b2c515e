import { randomUUID } from "node:crypto";
import type { ChangedGroup, Directory, Stored, WriteOptions } from "../model.ts";
import { readDeletions } from "./deletions.ts";
import { applyEpoch, rollBack } from "./epochs.ts";
import { documentChange, readGroup, type Group } from "./group.ts";
import { visibleGroup } from "./groupReads.ts";
import { finishGroupDeletion, writeTombstone } from "./groupDeletion.ts";
import { isAbandoned, isAdoptable, isIdle } from "./intent.ts";
import { checkVersion } from "./items.ts";
import { difference, ofExistingUsers } from "./members.ts";
import { nameTaken, namesOf } from "./names.ts";
import type { Outcome } from "./outcome.ts";
import { pause } from "./retry.ts";
import { fitsTransaction, smallChange } from "./smallChange.ts";
import type { Store } from "./store.ts";

type Change = ReturnType<Parameters<Directory["updateGroup"]>[1]>;

interface Request {
  readonly owner: string;
  readonly options: WriteOptions | undefined;
  readonly attempt: number;
}

export const changedGroup = (stored: Stored, members: ReadonlySet<string> | undefined): ChangedGroup => ({
  ...stored,
  members: members && [...members].sort(),
});

/** Whether the name is free now. A visible group keeps its name; an abandoned creation gives it up. */
export async function isNameReleased(store: Store, holder: string, owner: string): Promise<boolean> {
  const group = await readGroup(store, holder);
  if (group === undefined) return true;
  if (!group.hidden) return false;
  if (group.intent !== undefined && isAdoptable(group.intent, owner) && (await writeTombstone(store, group)))
    await finishGroupDeletion(store, holder);
  return true;
}

/** @throws AbsentError, StaleError, TakenError, TooLargeError, UnknownMembersError */
export async function updateGroup(
  store: Store,
  id: string,
  change: Parameters<Directory["updateGroup"]>[1],
  options?: WriteOptions,
): Promise<ChangedGroup> {
  const owner = randomUUID();
  for (let attempt = 0; ; attempt += 1) {
    const group = await visibleGroup(store, id);
    // This request's own change, whose answer was lost.
    if (group.committedBy === owner) return group.stored;
    if (group.intent === undefined || isAdoptable(group.intent, owner)) {
      checkVersion(group.stored, options);
      const wanted = change(group.stored);
      const { stored, nameHolder, members } = await apply(store, group, wanted, { owner, options, attempt });
      if (stored !== undefined) return changedGroup(stored, members);
      if (nameHolder !== undefined && nameHolder !== id && !(await isNameReleased(store, nameHolder, owner)))
        throw nameTaken("Group", namesOf("Group", wanted.attributes).name);
    }
    await pause(attempt, store.deadline);
  }
}

/**
 * A change that fits one transaction is made beside an idle intent; a larger one takes the intent over. Users are
 * looked up before it is known whether the change is large, and after the deletions were counted, so that nothing is
 * written for ids that no user has.
 */
async function apply(store: Store, group: Group, { attributes, members }: Change, request: Request): Promise<Outcome> {
  const { owner, options, attempt } = request;
  let found = await difference(store, group, members, attempt);
  if (found === undefined) return {};
  let deletions = 0;
  if (group.intent === undefined && !fitsTransaction(found.add.length, found.remove.length)) {
    deletions = (await readDeletions(store)).count;
    found = await ofExistingUsers(store, found);
  }
  if (!fitsTransaction(found.add.length, found.remove.length) || !isIdle(group.intent)) {
    return applyEpoch(store, group, { attributes, members, difference: { ...found, deletions }, owner });
  }
  const document = await documentChange(store, group, attributes);
  const outcome = await smallChange(store, group, document, found, { owner, exact: options?.ifMatch !== undefined });
  if (outcome.stored !== undefined && group.intent !== undefined && isAbandoned(group.intent)) {
    const current = await readGroup(store, group.id);
    if (current?.intent !== undefined && isIdle(current.intent)) await rollBack(store, current, owner);
  }
  return outcome;
}
