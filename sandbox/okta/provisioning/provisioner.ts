import { refreshAssignments } from "./assignments.ts";
import { deletePushed, followSource, nextPush, push } from "./groupSync.ts";
import type { App, PushMapping } from "../org/model.ts";
import { applyRules } from "../rules/apply.ts";
import { createQueue, type Queue } from "../scimClient/queue.ts";
import { createTransport, type Connection, type Send, type TransportOptions } from "../scimClient/transport.ts";
import type { Store } from "../org/store.ts";
import { doUserStep, nextUserStep } from "./userSync.ts";

export interface Provisioner {
  /** Something changed: rules, assignments and pushes follow after a short tick, as in Okta. */
  schedule(): void;
  /** Lets one app's assignments take effect before anything else happens to it. */
  refresh(app: App): void;
  /** Queues the group's deletion downstream. */
  readonly deleteDownstream: (app: App, name: string, scimId: string) => void;
  idle(): Promise<void>;
  /** For what an administrator starts by hand: the connector test, an import. */
  readonly send: Send;
  /** Cuts the org off from every SCIM server, or lets it through again. */
  setNetwork(up: boolean): void;
  readonly networkUp: boolean;
  close(): void;
}

export const connectionOf = (app: App): Connection | undefined =>
  app.provisioning === undefined
    ? undefined
    : { appId: app.id, kind: app.kind, baseUrl: app.provisioning.baseUrl, token: app.provisioning.token };

/**
 * Follows the store: applies rules, then queues per app what people and groups need, people first. Jobs look at the
 * store when they run, so what changed meanwhile goes out once.
 */
export function createProvisioner(
  getStore: () => Store,
  options: TransportOptions & { readonly tickMs: number },
): Provisioner {
  const transport = createTransport(options);
  const queues = new Map<string, Queue>();
  const waiters: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const quiet = (): boolean => timer === undefined && [...queues.values()].every(({ busy }) => !busy);
  const tellIfQuiet = (): void => {
    if (closed || quiet()) for (const resolve of waiters.splice(0)) resolve();
  };

  const queueOf = (app: App): Queue => {
    const known = queues.get(app.id);
    if (known !== undefined) return known;
    const queue = createQueue(tellIfQuiet);
    queues.set(app.id, queue);
    return queue;
  };

  const syncUser = async (app: App, userId: string): Promise<void> => {
    const step = nextUserStep(getStore(), app, userId);
    const connection = connectionOf(app);
    if (closed || step === undefined || connection === undefined) return;
    await doUserStep(getStore(), app, userId, step, { send: transport.send, connection });
    // Whoever was provisioned just now belongs in the groups that were pushed before; the job looks whether that is so.
    for (const mapping of app.pushes.values()) queueGroup(app, mapping);
  };

  const syncGroup = async (app: App, mapping: PushMapping): Promise<void> => {
    const next = nextPush(getStore(), app, mapping);
    const connection = connectionOf(app);
    if (closed || next === undefined || connection === undefined) return;
    await push(getStore(), app, mapping, next, { send: transport.send, connection });
  };

  const queueGroup = (app: App, mapping: PushMapping): void =>
    queueOf(app).add(`group ${mapping.id}`, () => syncGroup(app, mapping));

  const refresh = (app: App): void => {
    const store = getStore();
    refreshAssignments(store, app);
    const queue = queueOf(app);
    for (const userId of new Set([...app.users.keys(), ...app.links.keys()])) {
      if (nextUserStep(store, app, userId) !== undefined) queue.add(`user ${userId}`, () => syncUser(app, userId));
    }
    for (const mapping of app.pushes.values()) {
      followSource(store, app, mapping);
      if (nextPush(store, app, mapping) !== undefined) queueGroup(app, mapping);
    }
  };

  const settle = (): void => {
    timer = undefined;
    const store = getStore();
    applyRules(store);
    for (const app of store.apps.values()) if (app.status === "ACTIVE") refresh(app);
    tellIfQuiet();
  };

  const schedule = (): void => {
    if (!closed) timer ??= setTimeout(settle, options.tickMs);
  };

  return {
    schedule,
    refresh,
    send: transport.send,
    setNetwork: (up) => {
      transport.network = up;
    },
    get networkUp() {
      return transport.network;
    },
    deleteDownstream: (app, name, scimId) => {
      const connection = connectionOf(app);
      if (connection === undefined) return;
      queueOf(app).add(`delete ${scimId}`, () =>
        deletePushed(getStore(), app, name, scimId, { send: transport.send, connection }),
      );
    },
    idle: () => (quiet() || closed ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    close: () => {
      closed = true;
      clearTimeout(timer);
      timer = undefined;
      transport.close();
      tellIfQuiet();
    },
  };
}
