import type { ChangedGroup, Directory, Stored, WriteOptions } from "../model.ts";
import { nodeCrypto } from "../nodeCrypto.ts";
import { changeIdOf, changeIdOfNamed } from "./changeId.ts";
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

/** Names no change: a creation other than the one that holds a name. */
const ANOTHER = "another";

/** Whether the name is free now. A visible group keeps its name; a creation whose client stays away gives it up. */
export async function isNameReleased(store: Store, holder: string, owner: string): Promise<boolean> {
  const group = await readGroup(store, holder);
  if (group === undefined) return true;
  if (!group.hidden) return false;
  const isLeft = group.intent === undefined || isAdoptable(group.intent, { owner, change: ANOTHER });
  if (isLeft && (await writeTombstone(store, group))) await finishGroupDeletion(store, holder);
  return true;
}

/** @throws AbsentError, StaleError, TakenError, TooLargeError, UnknownMembersError */
export async function updateGroup(
  store: Store,
  id: string,
  change: Parameters<Directory["updateGroup"]>[1],
  options?: WriteOptions,
): Promise<ChangedGroup> {
  const owner = nodeCrypto().randomUUID();
  let waiting: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const group = await visibleGroup(store, id);
    // This request's own change, whose answer was lost.
    if (group.committedBy === owner) return group.stored;
    if (mayWrite(group, owner, waiting)) {
      checkVersion(group.stored, options);
      const wanted = change(group.stored);
      const outcome = await apply(store, group, wanted, { owner, options, attempt });
      const { stored, nameHolder, members } = outcome;
      waiting = outcome.waiting;
      if (stored !== undefined) return changedGroup(stored, members);
      if (nameHolder !== undefined && nameHolder !== id && !(await isNameReleased(store, nameHolder, owner)))
        throw nameTaken("Group", namesOf("Group", wanted.attributes).name);
    }
    await pause(attempt, store.deadline);
  }
}

/** Whether a change has to be compared now. A large one that `waiting` identifies is not, before it may take the intent. */
function mayWrite({ intent }: Group, owner: string, waiting: string | undefined): boolean {
  if (intent === undefined || intent.owner === owner) return true;
  return waiting === undefined ? isIdle(intent) : isAdoptable(intent, { owner, change: waiting });
}

/**
 * A change that fits one transaction is made beside an idle intent; a larger one takes the intent over, at once if it is
 * a retry of the intent's change. Users are looked up before it is known whether the change is large, and after the
 * deletions were counted, so that nothing is written for ids that no user has. `waiting` identifies a large change that
 * has to wait for another one.
 */
async function apply(
  store: Store,
  group: Group,
  { attributes, members }: Change,
  request: Request,
): Promise<Outcome & { readonly waiting?: string }> {
  const { owner, options, attempt } = request;
  const how = options?.how ?? "patch";
  const named = group.intent === undefined ? undefined : changeIdOfNamed(members);
  if (named !== undefined && named === group.intent?.change)
    return applyEpoch(store, group, { attributes, members, changeId: named, owner, how });
  let found = await difference(store, group, members, attempt);
  if (found === undefined) return {};
  let deletions = 0;
  if (group.intent === undefined && !fitsTransaction(found.add.length, found.remove.length)) {
    deletions = (await readDeletions(store)).count;
    found = await ofExistingUsers(store, found);
  }
  if (!fitsTransaction(found.add.length, found.remove.length) || !isIdle(group.intent)) {
    const changeId = members === undefined ? "" : changeIdOf(members, found.current);
    if (group.intent !== undefined && !isAdoptable(group.intent, { owner, change: changeId }))
      return { waiting: changeId };
    return applyEpoch(store, group, { attributes, members, difference: { ...found, deletions }, changeId, owner, how });
  }
  const document = await documentChange(store, group, attributes);
  const outcome = await smallChange(store, group, document, found, {
    owner,
    how,
    exact: options?.ifMatch !== undefined,
  });
  if (outcome.stored !== undefined && group.intent !== undefined && isAbandoned(group.intent)) {
    const current = await readGroup(store, group.id);
    if (current?.intent !== undefined && isIdle(current.intent)) await rollBack(store, current, owner);
  }
  return outcome;
}
