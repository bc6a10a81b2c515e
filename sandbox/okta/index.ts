import { randomBytes } from "node:crypto";
import type { Provider } from "../engine/provider.ts";
import { oktaProvider } from "./provider/index.ts";
import { createAdminConsole, type AdminConsole } from "./admin/admin.ts";
import { appExtraRoutes } from "./api/appExtras.ts";
import { appGroupRoutes } from "./api/appGroups.ts";
import { appUserRoutes } from "./api/appUsers.ts";
import { appRoutes } from "./api/apps.ts";
import { connectionRoutes } from "./api/connections.ts";
import { featureRoutes } from "./api/features.ts";
import { groupRoutes } from "./api/groups.ts";
import { logRoutes } from "./api/logs.ts";
import { orgRoutes } from "./api/org.ts";
import { profileRoutes } from "./api/profiles.ts";
import { pushMappingRoutes } from "./api/pushMappings.ts";
import { ruleRoutes } from "./api/rules.ts";
import { userRoutes } from "./api/users.ts";
import { serveManagementApi } from "./api/http.ts";
import { idOf } from "./org/ids.ts";
import type { AppKind, Exchange } from "./org/model.ts";
import { createProvisioner } from "./provisioning/provisioner.ts";
import { DEFAULT_RATE_LIMIT, type RateLimit } from "./api/rateLimit.ts";
import { OKTA_TIMEOUT_MS } from "./scimClient/transport.ts";
import { createQuirks, type Quirks } from "./org/quirks.ts";
import { seedOrg, type Seed } from "./org/seed.ts";
import { addUser, createStore, needApp } from "./org/store.ts";
import type { LogEvent } from "./org/systemLog.ts";
import { createTrace } from "./org/trace.ts";
import { createOrgView, type OrgView } from "./admin/view.ts";

export type { Exchange } from "./org/model.ts";
export type { Quirks } from "./org/quirks.ts";
export type { LogEvent } from "./org/systemLog.ts";

export interface OrgOptions {
  /** Port of the Management API on loopback. Default: 0, which means any free port. */
  readonly port?: number;
  readonly onExchange?: (exchange: Exchange) => void;
  /** Milliseconds between a change and its consequences: rules, assignments, pushes. */
  readonly pollMs?: number;
  /** Start with groups and this number of people; false means with nobody. Default: 25 people. */
  readonly seed?: number | false;
  /** Requests that each part of the Management API accepts in a window. Default: 600 in 60 seconds. */
  readonly rateLimit?: RateLimit;
  /** Awkward behaviour of real orgs. Default: none. */
  readonly quirks?: Partial<Quirks>;
  /** Milliseconds without a byte after which the SCIM client gives up. Default: Okta's 60 seconds. */
  readonly scimTimeoutMs?: number;
}

/** An Okta org on this machine. */
export interface Org {
  readonly url: string;
  /** For `Authorization: SSWS …` */
  readonly apiToken: string;
  /** Stand-in for Pulumi's okta provider. It knows the org only through its Management API. */
  readonly provider: Provider;
  readonly admin: AdminConsole;
  /** May be changed while the org runs. */
  readonly quirks: Quirks;
  /** The views of the Admin Console. */
  readonly view: OrgView;
  /** The last requests of the org's SCIM client with their answers, oldest first. */
  readonly exchanges: readonly Exchange[];
  /** The last events, oldest first. */
  readonly systemLog: readonly LogEvent[];
  /** The last events of one person or group, oldest first, also those that `systemLog` no longer has. */
  readonly eventsAbout: (id: string) => readonly LogEvent[];
  /** Calls the listener with each new exchange. @returns a function that unsubscribes */
  onExchange(listener: (exchange: Exchange) => void): () => void;
  /** Calls the listener with each new event of the System Log. @returns a function that unsubscribes */
  onLogEvent(listener: (event: LogEvent) => void): () => void;
  /** @throws ApiError if there is no such app */
  appKind(appId: string): AppKind;
  /** Resolves once rules, queues and pushes have settled. */
  idle(): Promise<void>;
  /** Creates the starting people and groups that are missing now. */
  seed(): Seed;
  close(): Promise<void>;
}

const DEFAULT_TICK_MS = 20;
/** The number of exchanges that are kept; the oldest are dropped first. */
const MOST_EXCHANGES = 5000;
/** Characters of all bodies that are kept. A push of ten thousand members has a million. */
const MOST_CHARACTERS = 50_000_000;

const charactersOf = ({ requestBody, responseBody }: Exchange): number =>
  JSON.stringify([requestBody, responseBody]).length;

/** Starts an Okta org: Management API, group rules, assignments, group push and the SCIM client behind them. */
export async function startOrg(options: OrgOptions = {}): Promise<Org> {
  const apiToken = `00${randomBytes(30).toString("base64url")}`;
  const exchanges = createTrace<Exchange>({
    most: MOST_EXCHANGES,
    weightOf: charactersOf,
    mostWeight: MOST_CHARACTERS,
  });
  if (options.onExchange !== undefined) exchanges.subscribe(options.onExchange);
  const store = createStore(createQuirks(options.quirks));
  const provisioner = createProvisioner(store, {
    tickMs: options.pollMs ?? DEFAULT_TICK_MS,
    timeoutMs: options.scimTimeoutMs ?? OKTA_TIMEOUT_MS,
    onExchange: exchanges.add,
  });
  const administrator = addUser(
    store,
    { firstName: "Org", lastName: "Administrator", login: "admin@example.com", email: "admin@example.com" },
    "ACTIVE",
    idOf("00u", "admin@example.com"),
  );
  if (options.seed !== false) seedOrg(store, options.seed);
  const routes = [
    ...orgRoutes(store),
    ...profileRoutes(store),
    ...logRoutes(store),
    ...userRoutes(store, administrator),
    ...ruleRoutes(store),
    ...groupRoutes(store),
    ...appRoutes(store),
    ...appGroupRoutes(store, provisioner.refresh),
    ...appUserRoutes(store, provisioner.refresh),
    ...pushMappingRoutes(store, provisioner),
    ...connectionRoutes(store),
    ...featureRoutes(store),
    ...appExtraRoutes(store),
  ];
  const server = await serveManagementApi(routes, {
    apiToken,
    port: options.port ?? 0,
    rateLimit: options.rateLimit ?? DEFAULT_RATE_LIMIT,
  }).catch((error: unknown) => {
    provisioner.close();
    throw error;
  });
  return {
    url: server.url,
    apiToken,
    provider: oktaProvider(server.url, apiToken),
    admin: createAdminConsole(store, provisioner),
    view: createOrgView(store),
    quirks: store.quirks,
    exchanges: exchanges.items,
    systemLog: store.log.events,
    eventsAbout: store.log.about,
    onExchange: exchanges.subscribe,
    onLogEvent: store.log.subscribe,
    appKind: (appId) => needApp(store, appId).kind,
    idle: () => provisioner.idle(),
    seed: () => seedOrg(store),
    close: async () => {
      provisioner.close();
      await server.close();
    },
  };
}
