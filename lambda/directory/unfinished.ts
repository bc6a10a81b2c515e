import type { Deadline } from "../model.ts";
import { readDeletions, type PendingDeletion } from "./deletions.ts";
import { DirectoryError } from "./errors.ts";
import { finishGroupDeletion } from "./groupDeletion.ts";
import type { Store } from "./store.ts";
import { finishDeletionOf } from "./userDeletion.ts";

/** Milliseconds after which no request works on a deletion any more: the longest time that an invocation takes. */
const ABANDONED = 30_000;
/** Milliseconds that a request spends on the deletions of others, and milliseconds that it reserves for itself. */
const HELP = 2_000;
const OWN_TIME = 5_000;

/** Finishes the oldest deletion that its own request abandoned, as far as a short time allows. */
export async function finishOld(store: Store, pending: readonly PendingDeletion[]): Promise<void> {
  const [oldest] = [...pending].sort((one, other) => one.since - other.since);
  if (oldest === undefined || oldest.since + ABANDONED > Date.now()) return;
  const end = Date.now() + HELP;
  const deadline: Deadline = {
    remaining: () => Math.min(end - Date.now(), store.deadline.remaining() - OWN_TIME),
  };
  if (deadline.remaining() <= 0) return;
  const helping: Store = { ...store, deadline };
  try {
    if (oldest.kind === "User") await finishDeletionOf(helping, oldest.id);
    else await finishGroupDeletion(helping, oldest.id);
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
  }
}

/** Runs a deletion, then helps with an abandoned one. */
export async function deleting(store: Store, work: Promise<void>): Promise<void> {
  await work;
  if (store.deadline.remaining() > OWN_TIME) await finishOld(store, (await readDeletions(store)).pending);
}
