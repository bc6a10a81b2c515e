import { createsUsers } from "../provisioning/assignments.ts";
import { notFound, refused } from "../org/errors.ts";
import { mappingTimestamp } from "../provisioning/groupSync.ts";
import { confirmImport, importUsers, type ImportedUser, type ImportResult } from "../provisioning/imports.ts";
import type { App, ProvisioningSettings, PushMapping, User } from "../org/model.ts";
import { createPeopleDesk, type PeopleDesk } from "./peopleDesk.ts";
import { switchScimProfileOn } from "../org/profileMappings.ts";
import type { Provisioner } from "../provisioning/provisioner.ts";
import { setMappingStatus, unlink } from "../provisioning/pushMappings.ts";
import { testConnector, type ConnectorTestResult } from "../scimClient/connectorTest.ts";
import { needApp, needUser, type Store } from "../org/store.ts";
import { listTasks, type FailedTask } from "../provisioning/tasks.ts";

/** What a person can do in the Admin Console, most of it out of reach for a program through the public API. */
export interface AdminConsole extends PeopleDesk {
  /**
   * Sets an app's SCIM connection up: tests it and saves it only when the test passes. For a custom SAML app `token`
   * is the raw token ("HTTP Header"), for `scim2headerauth` the whole header value, `Bearer …`.
   * @throws ApiError when there is no such app
   */
  configureProvisioning(appId: string, settings: ProvisioningSettings): Promise<ConnectorTestResult>;
  /** Types another token into the Provisioning tab: tests it and saves it only when the test passes. */
  changeToken(appId: string, token: string): Promise<ConnectorTestResult>;
  /** Wipes the SCIM connection; `features` are empty afterwards and nothing is sent any more. */
  disconnect(appId: string): void;
  /** Cuts the org off from every SCIM server, for so many milliseconds or until `restoreNetwork`. */
  breakNetwork(milliseconds?: number): void;
  restoreNetwork(): void;
  /** False while the network is broken. */
  readonly networkUp: boolean;
  /** "Push now": sends the whole group again, also after an error. */
  pushNow(mappingId: string): void;
  /** "Unlink pushed group", with or without deleting the group in the directory. */
  unlinkGroup(mappingId: string, options: { readonly deleteTargetGroup: boolean }): void;
  /** "Force Sync": updates everyone who is provisioned. It creates nobody who was assigned before provisioning was on. */
  forceSync(appId: string): void;
  /** "Provision User": for someone assigned before provisioning was on, or whose provisioning failed. */
  provisionUser(appId: string, userId: string): void;
  /** "Import Now" @throws ApiError where importing is off, ScimFailure when the directory cannot be read */
  importUsers(appId: string): Promise<ImportResult>;
  /** "Confirm assignments" of one imported person. */
  confirmImport(appId: string, imported: ImportedUser): User;
  /** Dashboard > Tasks: what failed for good and waits. */
  tasks(): readonly FailedTask[];
  /** "Retry selected" @throws ApiError when there is no such task */
  retryTask(taskId: string): void;
}

export function createAdminConsole(store: Store, provisioner: Provisioner): AdminConsole {
  let outage: NodeJS.Timeout | undefined;
  const restoreNetwork = (): void => {
    clearTimeout(outage);
    provisioner.setNetwork(true);
  };
  const mapping = (id: string): { readonly app: App; readonly found: PushMapping } => {
    for (const app of store.apps.values()) {
      const found = app.pushes.get(id);
      if (found !== undefined) return { app, found };
    }
    throw notFound(id, "GroupPushMapping");
  };
  /** Whoever is assigned at that moment is held back, also when the assignment is younger than the last tick. */
  const settled = (appId: string): App => {
    const app = needApp(store, appId);
    provisioner.refresh(app);
    return app;
  };
  const configure = async (appId: string, settings: ProvisioningSettings): Promise<ConnectorTestResult> => {
    const app = needApp(store, appId);
    const connection = { appId, kind: app.kind, baseUrl: settings.baseUrl, token: settings.token };
    const result = await testConnector(provisioner.send, connection, settings.actions);
    if (!result.ok) return result;
    settled(appId).provisioning = settings;
    if (!app.hasScimProfile) switchScimProfileOn(store, app);
    store.changed();
    return result;
  };
  return {
    ...createPeopleDesk(store),
    configureProvisioning: configure,
    changeToken: async (appId, token) => {
      const { label, provisioning } = needApp(store, appId);
      if (provisioning === undefined) throw refused(400, "E0000001", `Provisioning is not set up for the app ${label}`);
      return configure(appId, { ...provisioning, token });
    },
    disconnect: (appId) => {
      delete needApp(store, appId).provisioning;
      store.changed();
    },
    breakNetwork: (milliseconds) => {
      clearTimeout(outage);
      provisioner.setNetwork(false);
      if (milliseconds !== undefined) outage = setTimeout(restoreNetwork, milliseconds).unref();
    },
    restoreNetwork,
    get networkUp() {
      return provisioner.networkUp;
    },
    pushNow: (mappingId) => {
      const { found } = mapping(mappingId);
      if (found.status === "INACTIVE")
        throw refused(400, "E0000001", `The push of ${found.sourceName} is deactivated: activate it first`);
      delete found.pushed;
      delete found.errorSummary;
      found.status = "ACTIVE";
      found.lastUpdated = mappingTimestamp();
      store.changed();
    },
    unlinkGroup: (mappingId, { deleteTargetGroup }) => {
      const { app, found } = mapping(mappingId);
      setMappingStatus(store, found, "INACTIVE");
      unlink(store, app, found, { deleteTargetGroup, deleteDownstream: provisioner.deleteDownstream });
    },
    forceSync: (appId) => {
      for (const [userId, link] of settled(appId).links) {
        if (!link.attached) continue;
        link.sent = "";
        delete needApp(store, appId).users.get(userId)?.failed;
      }
      store.changed();
    },
    provisionUser: (appId, userId) => {
      const app = settled(appId);
      const appUser = app.users.get(needUser(store, userId).id);
      if (appUser === undefined) throw notFound(userId, "AppUser");
      delete appUser.failed;
      delete appUser.error;
      if (createsUsers(app)) appUser.held = false;
      store.changed();
    },
    importUsers: (appId) => importUsers(store, needApp(store, appId), provisioner),
    confirmImport: (appId, imported) => confirmImport(store, needApp(store, appId), imported),
    tasks: () => listTasks(store, provisioner).map(({ retry: _retry, ...task }) => task),
    retryTask: (taskId) => {
      const task = listTasks(store, provisioner).find(({ id }) => id === taskId);
      if (task === undefined) throw notFound(taskId, "Task");
      task.retry();
      store.changed();
    },
  };
}
