import * as pulumi from "@pulumi/pulumi";
import { BASE_PATH, environmentNames } from "../../lambda/contract.ts";
import { pollingOf, type Events } from "../config/events.ts";
import type { Alarms, Domain, Stage, TenantConfig, Throttle } from "../config/keys.ts";
import { createAlarms } from "./alarms.ts";
import { createApi, routeToFunction } from "./api.ts";
import { proveDomain, serveDomain } from "./domain.ts";
import { createDashboard } from "./dashboard.ts";
import { createFunction } from "./function.ts";
import { createAccessLogs, createLogGroup } from "./parts/logs.ts";
import { bundleEvents } from "./bundle.ts";
import { createTable } from "./table.ts";
import { createChangeEvents, type ChangeEvents } from "./events/index.ts";
import type { SignedSince } from "./signingKeysInUse.ts";
import { createTokens } from "./token.ts";

export interface ScimDirectoryArgs {
  /** Attributes that the directory retains of the resources that a client sends. */
  readonly attributes: TenantConfig["attributes"];
  /** Steady and burst requests per second that the API accepts; beyond them, the gateway returns 429. */
  readonly throttle: Throttle;
  readonly tokenGeneration: number;
  /** Whether the tokens of the previous generation are also accepted. */
  readonly acceptPreviousToken: boolean;
  /** Systems that may read the directory, each with a token of its own. */
  readonly readers?: readonly string[] | undefined;
  /** The receivers of changes; undefined if there are none. */
  readonly events?: Events | undefined;
  /** Kept in the stack's state, for the next deployment. */
  readonly signedSince?: SignedSince | undefined;
  /** `production` protects stateful resources and keeps logs for a year; `development` does neither. */
  readonly stage: Stage;
  /** A host name of your own. The API's default address also answers, until `onlyAddress` switches it off. */
  readonly domain?: Domain | undefined;
  /**
   * Concurrent executions reserved for the function, and its maximum; the account's own limit must leave 100 for other
   * functions.
   */
  readonly reservedConcurrency?: number | undefined;
  readonly alarms?: Alarms | undefined;
}

/** The AWS half of a tenant: a SCIM 2.0 service on API Gateway, Lambda and DynamoDB. `name` is the tenant's slug. */
export class ScimDirectory extends pulumi.ComponentResource {
  /** The SCIM base URL. It answers as soon as every resource of the component exists. */
  readonly baseUrl: pulumi.Output<string>;
  /** The bearer token of the current generation. Secret. */
  readonly token: pulumi.Output<string>;
  /** The token of each reader, by its name; undefined without readers. Secret. */
  readonly readerTokens: pulumi.Output<Readonly<Record<string, string>>> | undefined;

  /** Addresses and tokens of the change events; undefined without events. */
  readonly events: Pick<ChangeEvents, "issuer" | "keys" | "receivers"> | undefined;

  constructor(name: string, args: ScimDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okta-scim-directory:index:ScimDirectory", name, { stage: args.stage }, opts);
    const child = { parent: this };
    const { readers = [], events } = args;

    const tokens = createTokens(name, ownersOf(args), child);
    const table = createTable(name, { stage: args.stage, streams: events !== undefined }, child);
    const { domain } = args;
    // Nothing that answers today changes before the certificate is proved: until then the domain has no address.
    const proved = domain && proveDomain(name, domain, child);
    const whenProved = <T>(value: T): pulumi.Output<T> | undefined => proved?.certificateArn.apply(() => value);
    const api = createApi(name, domain?.onlyAddress ? whenProved(true) : false, child);
    const address = (domain && whenProved(`https://${domain.name}`)) ?? api.apiEndpoint;
    const baseUrl = pulumi.interpolate`${address}${BASE_PATH}`;
    const logs = createLogGroup(`${name}-function`, args.stage, child);
    const fn = createFunction(
      name,
      {
        table,
        logs,
        reservedConcurrency: args.reservedConcurrency,
        environment: {
          [environmentNames.tableName]: table.name,
          [environmentNames.baseUrl]: baseUrl,
          [environmentNames.tokenHashes]: tokens.hashes,
          [environmentNames.attributes]: JSON.stringify(args.attributes),
          ...(events ? { [environmentNames.events]: "1" } : {}),
        },
      },
      child,
    );
    const changes =
      events &&
      createChangeEvents(
        name,
        { ...args, ...{ events, table, api, address, baseUrl, tokens }, code: bundleEvents() },
        child,
      );
    const accessLogs = createAccessLogs(name, args.stage, child);
    const scim = routeToFunction(name, { api, fn, accessLogs, throttle: args.throttle }, child);
    const ready = [...scim, ...(changes?.ready ?? [])];
    if (domain && proved)
      serveDomain(name, { domain, proved, api, ready, protect: args.stage === "production" }, child);
    if (args.alarms) {
      const { alarms } = args;
      const hasReaders = readers.length > 0;
      const watched = { api, fn, table, events: changes?.watched };
      createAlarms(name, { ...watched, alarms, hasPreviousToken: tokens.hasPrevious, hasReaders }, child);
      createDashboard(name, { ...watched, logs }, child);
    }

    this.baseUrl = baseUrl;
    this.token = tokens.current;
    this.readerTokens = readers.length > 0 ? pulumi.secret(tokens.ofReaders) : undefined;
    this.events = changes;
    const { token, readerTokens } = this;
    // Policies read the stage to judge the component's resources.
    this.registerOutputs({
      ...{ baseUrl, token, stage: args.stage },
      ...(readerTokens && { readerTokens }),
      ...(changes && { eventIssuer: changes.issuer, eventKeys: changes.keys, eventReceivers: changes.receivers }),
      ...(args.signedSince && { signedSince: args.signedSince }),
    });
  }
}

/** Everybody with a token, and the generations that are accepted. */
const ownersOf = ({ tokenGeneration, acceptPreviousToken, readers = [], events }: ScimDirectoryArgs) => ({
  generation: tokenGeneration,
  acceptPrevious: acceptPreviousToken,
  readers,
  receivers: pollingOf(events),
});
