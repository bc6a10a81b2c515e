import { createsUsers } from "./assignments.ts";
import { notFound } from "./errors.ts";
import { mappingTimestamp } from "./groupSync.ts";
import type { App, ProvisioningSettings, PushMapping } from "./model.ts";
import type { Provisioner } from "./provisioner.ts";
import { testConnector, type ConnectorTestResult } from "./scimClient/connectorTest.ts";
import { needApp, needUser, type Store } from "./store.ts";

/** What a person can do in the Admin Console and no program through the public API. */
export interface AdminConsole {
  /**
   * Sets an app's SCIM connection up: tests it and saves it only when the test passes. For a custom SAML app `token`
   * is the raw token ("HTTP Header"), for `scim2headerauth` the whole header value, `Bearer …`.
   * @throws ApiError when there is no such app
   */
  configureProvisioning(appId: string, settings: ProvisioningSettings): Promise<ConnectorTestResult>;
  /** Wipes the SCIM connection; `features` are empty afterwards and nothing is sent any more. */
  disconnect(appId: string): void;
  /** "Push now": sends the whole group again, also after an error. */
  pushNow(mappingId: string): void;
  /** "Provision User": for someone assigned before provisioning was on, or whose provisioning failed. */
  provisionUser(appId: string, userId: string): void;
}

export function createAdminConsole(store: Store, provisioner: Provisioner): AdminConsole {
  const mapping = (id: string): PushMapping => {
    for (const app of store.apps.values()) {
      const found = app.pushes.get(id);
      if (found !== undefined) return found;
    }
    throw notFound(id, "GroupPushMapping");
  };
  /** Whoever is assigned at that moment is held back, also when the assignment is younger than the last tick. */
  const settled = (appId: string): App => {
    const app = needApp(store, appId);
    provisioner.refresh(app);
    return app;
  };
  return {
    configureProvisioning: async (appId, settings) => {
      const app = needApp(store, appId);
      const connection = { appId, kind: app.kind, baseUrl: settings.baseUrl, token: settings.token };
      const result = await testConnector(provisioner.send, connection, settings.actions);
      if (!result.ok) return result;
      settled(appId).provisioning = settings;
      store.changed();
      return result;
    },
    disconnect: (appId) => {
      delete needApp(store, appId).provisioning;
      store.changed();
    },
    pushNow: (mappingId) => {
      const found = mapping(mappingId);
      delete found.pushed;
      delete found.errorSummary;
      if (found.status === "ERROR") found.status = "ACTIVE";
      found.lastUpdated = mappingTimestamp();
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
