import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { keys, type Item } from "./keys.ts";
import { updateItem, type Condition, type Store } from "./store.ts";
import { N, S, TRUE, numberOf, textOf } from "./values.ts";

/**
 * Milliseconds after its last write for which an intent is left to its owner. The lease keeps large changes from undoing
 * each other's work. Safety does not depend on it, nor on clocks: every write of an owner is conditional on the intent.
 */
const LEASE = 5_000;
/** Milliseconds after which nobody is expected to resume a large change. */
const ABANDONED = 10 * 60_000;
/**
 * Milliseconds after the lease for which an idle intent is kept for its client's retry: no other large change takes it over.
 * Each time another one did, the next wait is twice as long, so that of two changes that keep coming back one ends.
 */
const PATIENCE = 10_000;

/** A large change that is being applied to a group: which one, by which request, and until when others leave it alone. */
export interface Intent {
  readonly owner: string;
  /** The change (`changeId.ts`): a retry has the same. Undefined where nobody is expected to retry it. */
  readonly change: string | undefined;
  /** How many other large changes had the intent before this one. */
  readonly takeovers: number;
  /** How many users had been deleted before the users of its edges were looked up. */
  readonly deletions: number | undefined;
  /** Milliseconds since 1970. */
  readonly leaseUntil: number;
  /** Its owner stopped at its deadline and gave up the lease. */
  readonly parked: boolean;
}

export function decodeIntent(item: Item): Intent | undefined {
  const intent = item["intent"]?.M;
  if (intent === undefined) return undefined;
  return {
    owner: textOf(intent, "owner"),
    change: intent["change"]?.S,
    takeovers: intent["takeovers"] === undefined ? 0 : numberOf(intent, "takeovers"),
    deletions: intent["deletions"] === undefined ? undefined : numberOf(intent, "deletions"),
    leaseUntil: numberOf(intent, "leaseUntil"),
    parked: intent["parked"] !== undefined,
  };
}

/** The fields of a group that the conditions below compare. */
interface Read {
  readonly id: string;
  readonly version: number;
  readonly epoch: number;
  readonly intent: Intent | undefined;
}

const leaseEnd = (): AttributeValue => N(Date.now() + LEASE);

/** A request that takes an intent. */
export type Claim = Pick<Intent, "owner" | "change" | "deletions">;

export const newIntent = ({ owner, change, deletions }: Claim, takeovers = 0): AttributeValue => ({
  M: {
    owner: S(owner),
    ...(change !== undefined && { change: S(change), takeovers: N(takeovers) }),
    ...(deletions !== undefined && { deletions: N(deletions) }),
    leaseUntil: leaseEnd(),
  },
});

/**
 * Whether a request other than the owner may write: as far as the lease tells, no request is in the middle of its work.
 */
export const isIdle = (intent: Intent | undefined): boolean =>
  intent === undefined || intent.parked || intent.leaseUntil < Date.now();

/**
 * Whether a request may take the intent over, with the edges that were written for it: its own request, a retry of the same
 * change as soon as the intent is idle, and any other change once the client is not expected back soon.
 */
export function isAdoptable(intent: Intent, { owner, change }: Pick<Intent, "owner" | "change">): boolean {
  if (intent.owner === owner) return true;
  if (!isIdle(intent)) return false;
  if (intent.change === undefined || intent.change === change) return true;
  return intent.leaseUntil + Math.min(ABANDONED, PATIENCE * 2 ** intent.takeovers) < Date.now();
}

/** Whether its client has stayed away for so long that its edges should be removed. */
export const isAbandoned = (intent: Intent): boolean => intent.leaseUntil + ABANDONED < Date.now();

/** The condition that a group has this owner's intent. */
export const ownedBy = (owner: string): Required<Condition> => ({
  expression: "intent.#owner = :holder",
  values: { ":holder": S(owner) },
  names: { "#owner": "owner" },
});

/** The condition that a group's intent, or its absence, is as it was read. */
export const sameIntent = ({ intent }: Pick<Read, "intent">): Required<Condition> =>
  intent === undefined ? { expression: "attribute_not_exists(intent)", values: {}, names: {} } : ownedBy(intent.owner);

/**
 * The condition and assignments of a write beside an idle intent, which leaves the intent's edges. The intent gets
 * another owner, so that a late write of the former owner, which does not know of this change, is rejected. The next
 * request of that owner's client resumes the large change.
 */
export function besideIntent(group: Read, owner: string): Required<Condition> & { readonly set: readonly string[] } {
  const same = sameIntent(group);
  if (group.intent === undefined) return { ...same, set: [] };
  return {
    ...same,
    set: ["intent.#owner = :beside", "intent.parked = :true"],
    values: { ...same.values, ":beside": S(`beside ${owner}`), ":true": TRUE },
  };
}

/** Takes a group's intent, if version and epoch are as they were read. Returns false if another request came first. */
export async function takeIntent(store: Store, group: Read, claim: Claim): Promise<boolean> {
  const same = sameIntent(group);
  const { change, takeovers } = group.intent ?? { change: undefined, takeovers: 0 };
  const isOther = change !== undefined && change !== claim.change;
  const item = await updateItem(store, {
    key: keys.resource("Group", group.id),
    expression: "SET intent = :intent",
    // The condition names the version: edges that were compared before are unchanged, and so is the document.
    condition: `v = :v AND e = :e AND attribute_not_exists(gone) AND ${same.expression}`,
    values: {
      ":intent": newIntent(claim, takeovers + (isOther ? 1 : 0)),
      ":v": N(group.version),
      ":e": N(group.epoch),
      ...same.values,
    },
    ...(group.intent && { names: same.names }),
  });
  return item !== undefined;
}

/** The fence: a transaction item that fails the transaction if the intent was lost, and otherwise renews the lease. */
export function fence(table: string, groupId: string, owner: string, pace: number | undefined): TransactWriteItem {
  const { expression, values, names } = ownedBy(owner);
  return {
    Update: {
      TableName: table,
      Key: keys.resource("Group", groupId),
      UpdateExpression: `SET intent.leaseUntil = :until${pace === undefined ? "" : ", pace = :pace"}`,
      ConditionExpression: `${expression} AND attribute_not_exists(gone)`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ...values,
        ":until": leaseEnd(),
        ...(pace === undefined ? {} : { ":pace": N(pace) }),
      },
    },
  };
}

/** Gives up the lease. If no retry is expected, any large change may take the intent over at once. */
export async function parkIntent(
  store: Store,
  groupId: string,
  { owner, isRetried }: { readonly owner: string; readonly isRetried: boolean },
): Promise<void> {
  const { expression, values, names } = ownedBy(owner);
  await updateItem(store, {
    key: keys.resource("Group", groupId),
    expression: `SET intent.parked = :true${isRetried ? "" : " REMOVE intent.#change"}`,
    condition: expression,
    values: { ...values, ":true": TRUE },
    names: { ...names, ...(!isRetried && { "#change": "change" }) },
  });
}

/** Removes the owner's intent. Does nothing if another request holds it. */
export async function dropIntent(store: Store, groupId: string, owner: string): Promise<void> {
  const { expression, values, names } = ownedBy(owner);
  await updateItem(store, {
    key: keys.resource("Group", groupId),
    expression: "REMOVE intent",
    condition: expression,
    values,
    names,
  });
}
