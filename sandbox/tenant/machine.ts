import { startCloud, type Cloud, type Cost, type Denial } from "../aws/index.ts";
import { createEngine, type Engine } from "../engine/index.ts";
import { randomProvider } from "../engine/random.ts";
import { startOrg, type Exchange, type Org } from "../okta/index.ts";
import { ROOT } from "../../operations/live/stackFile.ts";
import type { Closers } from "../support/closers.ts";
import { NAMESPACE } from "./stackConfig.ts";
import { deploymentEvent, type DeploymentEvent } from "./deploymentEvents.ts";
import type { TenantOptions } from "./tenantOptions.ts";

/** Runs a named part of the start. */
export type Stage = NonNullable<TenantOptions["stage"]>;

/** The stand-ins and the engine that a tenant runs on. */
export interface Machine {
  readonly cloud: Cloud;
  readonly org: Org;
  readonly engine: Engine;
}

/** Starts the cloud, the org and the engine; `closers` ends them. */
export async function startMachine(
  options: TenantOptions,
  stage: Stage,
  closers: Closers,
  onEvent: (event: DeploymentEvent) => void,
): Promise<Machine> {
  const cloud = await stage("DynamoDB, API gateway and function host", () =>
    startCloud({
      port: options.port,
      ...(options.routes === undefined ? {} : { routes: options.routes }),
      onLog: ({ line }) => options.onLog?.(line),
      onDenied: oncePerAction((notice) => options.onNotice?.(notice)),
    }),
  );
  closers.add(() => cloud.close());
  const org = await stage("Okta org with its people and groups", () =>
    startOrg({
      quirks: options.quirks ?? {},
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onExchange: (exchange) => options.onExchange?.(exchange, costOf(cloud, exchange)),
    }),
  );
  closers.add(() => org.close());
  const engine = createEngine({
    root: ROOT,
    project: NAMESPACE,
    stack: options.stack,
    providers: [cloud.provider, org.provider, randomProvider()],
    onEvent: (event) => {
      const told = deploymentEvent(event);
      if (told !== undefined) onEvent(told);
    },
  });
  return { cloud, org, engine };
}

/** The cost of an exchange in DynamoDB; undefined if this cloud did not answer it. */
export const costOf = (cloud: Cloud, { responseHeaders }: Exchange): Cost | undefined =>
  cloud.costOf(responseHeaders["apigw-requestid"] ?? "");

/** Names each action that a policy lacks only once, because everything that needs it fails in the same way. */
function oncePerAction(notice: (message: string) => void): (denial: Denial) => void {
  const named = new Set<string>();
  return ({ role, action, resource }) => {
    const missing = `The access policy of ${role} does not allow ${action} on ${resource}`;
    if (named.has(missing)) return;
    named.add(missing);
    notice(`${missing}: requests that need it fail. Allow the action in lambda/accessPatterns.ts.`);
  };
}
