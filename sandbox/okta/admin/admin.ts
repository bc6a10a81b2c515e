import type { User } from "../org/model.ts";
import { needApp, type Store } from "../org/store.ts";
import { confirmImport, importUsers, type ImportedUser, type ImportResult } from "../provisioning/imports.ts";
import type { Provisioner } from "../provisioning/provisioner.ts";
import { createConnectionDesk, type ConnectionDesk } from "./connectionDesk.ts";
import { createPeopleDesk, type PeopleDesk } from "./peopleDesk.ts";
import { createPushDesk, type PushDesk } from "./pushDesk.ts";
import { createRuleDesk, type RuleDesk } from "./ruleDesk.ts";

/** The actions of a person in the Admin Console. Programs cannot do most of them through the public API. */
export interface AdminConsole extends PeopleDesk, ConnectionDesk, PushDesk, RuleDesk {
  /** "Import Now" @throws ApiError if importing is off, ScimFailure if the directory cannot be read */
  importUsers(appId: string): Promise<ImportResult>;
  /** "Confirm assignments" of one imported user. */
  confirmImport(appId: string, imported: ImportedUser): User;
  /** Cuts the org off from every SCIM server, for a number of milliseconds or until `restoreNetwork`. */
  breakNetwork(milliseconds?: number): void;
  restoreNetwork(): void;
  /** False while the network is broken. */
  readonly networkUp: boolean;
  /** When a broken network comes back by itself, ISO 8601. */
  readonly networkBackAt: string | undefined;
}

export function createAdminConsole(store: Store, provisioner: Provisioner): AdminConsole {
  let outage: NodeJS.Timeout | undefined;
  let backAt: string | undefined;
  const restoreNetwork = (): void => {
    clearTimeout(outage);
    backAt = undefined;
    provisioner.setNetwork(true);
  };
  return {
    ...createPeopleDesk(store),
    ...createConnectionDesk(store, provisioner),
    ...createPushDesk(store, provisioner),
    ...createRuleDesk(store),
    importUsers: (appId) => importUsers(store, needApp(store, appId), provisioner),
    confirmImport: (appId, imported) => confirmImport(store, needApp(store, appId), imported),
    breakNetwork: (milliseconds) => {
      clearTimeout(outage);
      provisioner.setNetwork(false);
      backAt = undefined;
      if (milliseconds === undefined) return;
      backAt = new Date(Date.now() + milliseconds).toISOString();
      outage = setTimeout(restoreNetwork, milliseconds).unref();
    },
    restoreNetwork,
    get networkBackAt() {
      return backAt;
    },
    get networkUp() {
      return provisioner.networkUp;
    },
  };
}
