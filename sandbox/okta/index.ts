import { randomBytes } from "node:crypto";
import type { Provider } from "../providers/provider.ts";
import { oktaProvider } from "../providers/okta/index.ts";
import { createAdminConsole, type AdminConsole } from "./admin.ts";
import { appAssignmentRoutes } from "./api/appAssignments.ts";
import { appExtraRoutes } from "./api/appExtras.ts";
import { appRoutes } from "./api/apps.ts";
import { groupRoutes } from "./api/groups.ts";
import { orgRoutes } from "./api/org.ts";
import { pushMappingRoutes } from "./api/pushMappings.ts";
import { ruleRoutes } from "./api/rules.ts";
import { userRoutes } from "./api/users.ts";
import { serveManagementApi } from "./http.ts";
import { idOf } from "./ids.ts";
import type { AppKind, Exchange } from "./model.ts";
import { createProvisioner } from "./provisioner.ts";
import { seedOrg, type Seed } from "./seed.ts";
import { addUser, createStore, needApp } from "./store.ts";
import type { LogEvent } from "./systemLog.ts";

export type { AdminConsole } from "./admin.ts";
export type { AppKind, Exchange, ProvisioningActions, ProvisioningSettings, ToApp } from "./model.ts";
export type { ConnectorTestResult } from "./scimClient/connectorTest.ts";
export type { Seed } from "./seed.ts";
export type { LogEvent } from "./systemLog.ts";

export interface OrgOptions {
  /** Port of the Management API on loopback; 0, the default, means any free one. */
  readonly port?: number;
  readonly onExchange?: (exchange: Exchange) => void;
  /** Milliseconds between a change and its consequences: rules, assignments, pushes. */
  readonly pollMs?: number;
  /** Start with people and groups; on unless said otherwise. */
  readonly seed?: boolean;
}

/** An Okta org on this machine. */
export interface Org {
  readonly url: string;
  /** For `Authorization: SSWS …` */
  readonly apiToken: string;
  /** Stand-in for Pulumi's okta provider; it knows the org through its Management API only. */
  readonly provider: Provider;
  readonly admin: AdminConsole;
  /** Every request of the org's SCIM client so far, oldest first. */
  readonly exchanges: readonly Exchange[];
  readonly systemLog: readonly LogEvent[];
  /** @throws ApiError when there is no such app */
  appKind(appId: string): AppKind;
  /** Resolves once rules, queues and pushes have settled. */
  idle(): Promise<void>;
  /** The starting people and groups, made now where they are missing. */
  seed(): Seed;
  close(): Promise<void>;
}

const DEFAULT_TICK_MS = 20;

/** Starts an Okta org: Management API, group rules, assignments, group push and the SCIM client behind them. */
export async function startOrg(options: OrgOptions = {}): Promise<Org> {
  const apiToken = `00${randomBytes(30).toString("base64url")}`;
  const exchanges: Exchange[] = [];
  const provisioner = createProvisioner(() => store, {
    tickMs: options.pollMs ?? DEFAULT_TICK_MS,
    onExchange: (exchange) => {
      exchanges.push(exchange);
      options.onExchange?.(exchange);
    },
  });
  const store = createStore(() => provisioner.schedule());
  const administrator = addUser(
    store,
    { firstName: "Org", lastName: "Administrator", login: "admin@example.com", email: "admin@example.com" },
    "ACTIVE",
    idOf("00u", "admin@example.com"),
  );
  if (options.seed !== false) seedOrg(store);
  const routes = [
    ...orgRoutes(store),
    ...userRoutes(store, administrator),
    ...ruleRoutes(store),
    ...groupRoutes(store),
    ...appRoutes(store),
    ...appAssignmentRoutes(store, (app) => provisioner.refresh(app)),
    ...pushMappingRoutes(store, provisioner),
    ...appExtraRoutes(store),
  ];
  const server = await serveManagementApi(routes, apiToken, options.port ?? 0).catch((error: unknown) => {
    provisioner.close();
    throw error;
  });
  return {
    url: server.url,
    apiToken,
    provider: oktaProvider(server.url, apiToken),
    admin: createAdminConsole(store, provisioner),
    exchanges,
    systemLog: store.log.events,
    appKind: (appId) => needApp(store, appId).kind,
    idle: () => provisioner.idle(),
    seed: () => seedOrg(store),
    close: async () => {
      provisioner.close();
      await server.close();
    },
  };
}
