import { assignGroup, unassignGroup } from "../api/appGroups.ts";
import { notFound, refused } from "../org/errors.ts";
import type { App, ProvisioningSettings } from "../org/model.ts";
import { switchScimProfileOn } from "../org/profileMappings.ts";
import { needApp, needUser, type Store } from "../org/store.ts";
import { createsUsers } from "../provisioning/assignments.ts";
import type { Provisioner } from "../provisioning/provisioner.ts";
import { testConnector, type ConnectorTestResult } from "../scimClient/connectorTest.ts";

/** The app's General, Provisioning and Assignments tabs. */
export interface ConnectionDesk {
  /**
   * Sets up an app's SCIM connection: tests it and saves it only if the test passes. For a custom SAML app `token` is
   * the raw token ("HTTP Header"), for `scim2headerauth` the whole header value, `Bearer …`.
   * @throws ApiError if there is no such app
   */
  configureProvisioning(appId: string, settings: ProvisioningSettings): Promise<ConnectorTestResult>;
  /** Enters another token on the Provisioning tab: tests it and saves it only if the test passes. */
  changeToken(appId: string, token: string): Promise<ConnectorTestResult>;
  /** Whether the token that Okta sends passes a test; undefined while provisioning is off. */
  usesToken(appId: string, test: (token: string) => boolean): boolean | undefined;
  /** Enters another base URL on the Provisioning tab: tests it and saves it only if the test passes. */
  changeBaseUrl(appId: string, baseUrl: string): Promise<ConnectorTestResult>;
  /** Wipes the SCIM connection. Afterwards `features` are empty and Okta sends nothing. */
  disconnect(appId: string): void;
  /** Assignments > Assign to Groups. */
  assignGroup(appId: string, groupId: string): void;
  /** Removes a group from the Assignments tab: people without another assignment lose the app. */
  unassignGroup(appId: string, groupId: string): void;
  /** "Force Sync": updates every provisioned user. It creates no user who was assigned before provisioning was on. */
  forceSync(appId: string): void;
  /** "Provision User": for a user who was assigned before provisioning was on, or whose provisioning failed. */
  provisionUser(appId: string, userId: string): void;
}

export function createConnectionDesk(store: Store, provisioner: Provisioner): ConnectionDesk {
  /** Holds back every user who is assigned at this moment, even if the assignment is younger than the last tick. */
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
  const change = async (
    appId: string,
    changes: Partial<Pick<ProvisioningSettings, "baseUrl" | "token">>,
  ): Promise<ConnectorTestResult> => {
    const { label, provisioning } = needApp(store, appId);
    if (provisioning === undefined) throw refused(400, "E0000001", `Provisioning is not set up for the app ${label}`);
    return configure(appId, { ...provisioning, ...changes });
  };
  return {
    configureProvisioning: configure,
    changeToken: (appId, token) => change(appId, { token }),
    usesToken: (appId, test) => {
      const { provisioning } = needApp(store, appId);
      return provisioning === undefined ? undefined : test(provisioning.token);
    },
    changeBaseUrl: (appId, baseUrl) => change(appId, { baseUrl }),
    disconnect: (appId) => {
      delete needApp(store, appId).provisioning;
      store.changed();
    },
    assignGroup: (appId, groupId) => void assignGroup(store, needApp(store, appId), groupId),
    unassignGroup: (appId, groupId) => unassignGroup(store, needApp(store, appId), groupId, provisioner.refresh),
    forceSync: (appId) => {
      const app = settled(appId);
      for (const [userId, link] of app.links) {
        if (!link.attached) continue;
        link.sent = "";
        delete app.users.get(userId)?.failed;
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
  };
}
