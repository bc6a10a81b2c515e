import type { App, PushMapping } from "../org/model.ts";
import type { Store } from "../org/store.ts";
import { createQueue, type Queue } from "../scimClient/queue.ts";
import type { Send } from "../scimClient/transport.ts";
import { refreshAssignments } from "./assignments.ts";
import { connectionOf } from "./connection.ts";
import { deletePushed, followSource, nextPush, push } from "./groupSync.ts";
import { applyPushRules } from "./pushRules.ts";
import { doUserStep, nextUserStep } from "./userSync.ts";

/** The jobs of each app, and the objects that they use. */
export interface Sync {
  readonly store: Store;
  readonly send: Send;
  readonly queues: Map<string, Queue>;
  /** Aborted when the org closes. Waiting jobs then do nothing. */
  readonly stopped: AbortSignal;
  /** Called when a queue runs empty. */
  readonly onQuiet: () => void;
}

export const isBusy = ({ queues }: Sync): boolean => [...queues.values()].some(({ busy }) => busy);

/** Applies the group assignments to the app, then queues the jobs for the directory, people first. */
export function refreshApp(sync: Sync, app: App): void {
  const { store } = sync;
  refreshAssignments(store, app);
  const queue = queueOf(sync, app);
  for (const userId of new Set([...app.users.keys(), ...app.links.keys()])) {
    if (nextUserStep(store, app, userId) !== undefined) queue.add(`user ${userId}`, () => syncUser(sync, app, userId));
  }
  applyPushRules(store, app);
  for (const mapping of app.pushes.values()) {
    followSource(store, app, mapping);
    if (nextPush(store, app, mapping) !== undefined) queueGroup(sync, app, mapping);
  }
}

/** Queues the deletion of a pushed group in the directory. */
export function queueDeletion(sync: Sync, app: App, name: string, scimId: string): void {
  const connection = connectionOf(app);
  if (connection === undefined) return;
  const { store, send } = sync;
  queueOf(sync, app).add(`delete ${scimId}`, () => deletePushed(store, app, name, scimId, { send, connection }));
}

function queueOf(sync: Sync, app: App): Queue {
  const known = sync.queues.get(app.id);
  if (known !== undefined) return known;
  const queue = createQueue(sync.onQuiet);
  sync.queues.set(app.id, queue);
  return queue;
}

const queueGroup = (sync: Sync, app: App, mapping: PushMapping): void =>
  queueOf(sync, app).add(`group ${mapping.id}`, () => syncGroup(sync, app, mapping));

async function syncUser(sync: Sync, app: App, userId: string): Promise<void> {
  const { store, send } = sync;
  const step = nextUserStep(store, app, userId);
  const connection = connectionOf(app);
  if (sync.stopped.aborted || step === undefined || connection === undefined) return;
  await doUserStep(store, app, userId, step, { send, connection });
  // A newly provisioned user may belong to groups that were pushed before. The job checks whether that is so.
  for (const mapping of app.pushes.values()) queueGroup(sync, app, mapping);
}

async function syncGroup(sync: Sync, app: App, mapping: PushMapping): Promise<void> {
  const { store, send } = sync;
  const next = nextPush(store, app, mapping);
  const connection = connectionOf(app);
  if (sync.stopped.aborted || next === undefined || connection === undefined) return;
  await push(store, app, mapping, next, { send, connection });
}
