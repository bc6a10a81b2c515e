import type { App } from "../org/model.ts";
import type { Store } from "../org/store.ts";
import { applyRules } from "../rules/apply.ts";
import { createTransport, type Send, type TransportOptions } from "../scimClient/transport.ts";
import { isBusy, queueDeletion, refreshApp, type Sync } from "./sync.ts";

export interface Provisioner {
  /** Applies one app's assignments before anything else happens to the app. */
  readonly refresh: (app: App) => void;
  /** Queues the deletion of a pushed group in the directory. */
  readonly deleteDownstream: (app: App, name: string, scimId: string) => void;
  /** Resolves once rules, queues and pushes have settled. */
  idle(): Promise<void>;
  /** For actions that an administrator starts by hand: the connector test, an import. */
  readonly send: Send;
  /** Cuts the org off from every SCIM server, or reconnects it. */
  setNetwork(up: boolean): void;
  readonly networkUp: boolean;
  close(): void;
}

/**
 * Follows the store. A short tick after a change, it applies rules and then queues the jobs for people and groups of
 * each app. Jobs read the store when they run, so several changes in a row are sent once.
 */
export function createProvisioner(store: Store, options: TransportOptions & { readonly tickMs: number }): Provisioner {
  const transport = createTransport(options);
  const closed = new AbortController();
  const waiters: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const isQuiet = (): boolean => closed.signal.aborted || (timer === undefined && !isBusy(sync));
  const tellIfQuiet = (): void => {
    if (isQuiet()) for (const resolve of waiters.splice(0)) resolve();
  };
  const sync: Sync = {
    store,
    send: transport.send,
    queues: new Map(),
    stopped: closed.signal,
    onQuiet: tellIfQuiet,
  };
  const settle = (): void => {
    timer = undefined;
    applyRules(store);
    for (const app of store.apps.values()) if (app.status === "ACTIVE") refreshApp(sync, app);
    tellIfQuiet();
  };
  const unsubscribe = store.onChange(() => {
    timer ??= setTimeout(settle, options.tickMs);
  });

  return {
    refresh: (app) => refreshApp(sync, app),
    deleteDownstream: (app, name, scimId) => queueDeletion(sync, app, name, scimId),
    idle: () => (isQuiet() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    send: transport.send,
    setNetwork: (up) => {
      transport.network = up;
    },
    get networkUp() {
      return transport.network;
    },
    close: () => {
      unsubscribe();
      closed.abort();
      clearTimeout(timer);
      timer = undefined;
      transport.close();
      tellIfQuiet();
    },
  };
}
