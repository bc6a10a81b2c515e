import { startCloud, type Cloud, type Cost, type Denial } from "../aws/index.ts";
import { createEngine, type Deployment, type Engine, type StackConfig } from "../engine/index.ts";
import { readStack } from "../engine/stackFile.ts";
import { revealOutputs } from "./outputs.ts";
import type { Check } from "../../operations/verify/check.ts";
import { doConsoleStep, readConsoleSteps } from "./consoleStep.ts";
import { startOrg, type Exchange, type Org, type Quirks } from "../okta/index.ts";
import { randomProvider } from "../engine/random.ts";
import { createClosers, type Closers } from "../support/closers.ts";
import { ROOT } from "../../operations/live/stackFile.ts";
import { NAMESPACE, withOverrides } from "./stackConfig.ts";

export interface TenantOptions {
  readonly stack: string;
  /** Overrides of the stack's file: key without namespace → text. */
  readonly config: ReadonlyMap<string, string>;
  /** Port of the SCIM service; 0 means any free port. */
  readonly port: number;
  /** Runs a named stage. Default: only runs it. */
  readonly stage?: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly onNotice?: (message: string) => void;
  /** Receives the lines that the function writes. */
  readonly onLog?: (line: string) => void;
  /** Awkward behaviour of the org from its start on. */
  readonly quirks?: Partial<Quirks>;
  /** Receives each SCIM exchange from the first one on, with its cost in DynamoDB if it is known. */
  readonly onExchange?: (exchange: Exchange, cost: Cost | undefined) => void;
}

/** A resource that a deployment changed. */
export interface Change {
  readonly op: "create" | "update" | "replace" | "delete";
  readonly urn: string;
}

/** A tenant that runs on this machine, with the parts that a test or a page may inspect. */
export interface Tenant {
  readonly stack: string;
  readonly cloud: Cloud;
  readonly org: Org;
  readonly engine: Engine;
  /** The stack's outputs in clear, secrets included. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: ReadonlySet<string>;
  /** The configuration of the last deployment. */
  readonly config: StackConfig;
  /**
   * Deploys the stack's current file, with these overrides on top of those from the start.
   * @param onChange called for each resource that changes, even if the deployment fails later
   * @param options.refresh reads org and cloud first, as `pulumi up --refresh` does
   */
  up(
    config: Readonly<Record<string, string>>,
    onChange?: (change: Change) => void,
    options?: { readonly refresh?: boolean },
  ): Promise<void>;
  /** The console steps of the first deployment as sentences: its output `nextSteps`. */
  readonly consoleSteps: readonly string[];
  /**
   * Does the console step as an administrator, with the current outputs. @throws Error with the message of the
   * connector test
   */
  doConsoleStep(): Promise<void>;
  /** The cost of an exchange of this org in DynamoDB; undefined if this service did not answer it. */
  costOf(exchange: Exchange): Cost | undefined;
  /** The checks of `npm run verify` for this tenant. */
  verify(): Promise<readonly Check[]>;
  close(): Promise<void>;
}

/**
 * Brings up a tenant: its AWS, its Okta org, both deployments with the console step between them. Then waits until
 * everyone is provisioned. With `connection=pending` it stays at the first deployment.
 * @throws DeploymentError with the message that `pulumi up` would print
 */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const stage = options.stage ?? ((_name, work) => work());
  let file = await readStack(ROOT, options.stack);
  const closers = createClosers();
  try {
    let onChange: ((change: Change) => void) | undefined;
    const { cloud, org, engine } = await startMachine(options, stage, closers, (change) => onChange?.(change));
    let deployed: Deployment | undefined;
    let deployedConfig: StackConfig = file;
    const up = async (overrides: Readonly<Record<string, string>>): Promise<Deployment> => {
      const config = withOverrides(file, options.config, Object.entries(overrides));
      deployed = await engine.up(config);
      deployedConfig = config;
      return deployed;
    };
    const inFile = file.values[CONNECTION];
    const connection = wantedConnection(options.config, file);
    const first = await deployTwice({ connection, isByHand: isByHand(options.config, file) }, stage, up, org);
    const consoleSteps = revealOutputs(first.outputs).values["nextSteps"];
    const current = (): ReturnType<typeof revealOutputs> => revealOutputs(deployed?.outputs ?? {});
    return {
      stack: options.stack,
      cloud,
      org,
      engine,
      get outputs() {
        return current().values;
      },
      get secretOutputs() {
        return current().secrets;
      },
      get config() {
        return deployedConfig;
      },
      up: async (overrides, listener, { refresh = false } = {}) => {
        file = await readStack(ROOT, options.stack);
        if (refresh) await engine.refresh();
        const now = file.values[CONNECTION];
        onChange = listener;
        // If the file's connection was edited since the start, the file counts.
        await up({ connection: now === undefined || now === inFile ? connection : now, ...overrides }).finally(
          () => (onChange = undefined),
        );
        await org.idle();
      },
      consoleSteps: Array.isArray(consoleSteps) ? consoleSteps.map(String) : [],
      doConsoleStep: () => doConsoleStep(org, readConsoleSteps(deployed?.resources ?? []), current().values),
      costOf: (exchange) => costOf(cloud, exchange),
      verify: () => verify(options.stack, deployedConfig, current().values, org),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

const CONNECTION = `${NAMESPACE}:connection`;

type Stage = NonNullable<TenantOptions["stage"]>;

interface Machine {
  readonly cloud: Cloud;
  readonly org: Org;
  readonly engine: Engine;
}

async function startMachine(
  options: TenantOptions,
  stage: Stage,
  closers: Closers,
  onChange: (change: Change) => void,
): Promise<Machine> {
  const cloud = await stage("DynamoDB, API gateway and function host", () =>
    startCloud({
      port: options.port,
      onLog: ({ line }) => options.onLog?.(line),
      onDenied: oncePerAction((notice) => options.onNotice?.(notice)),
    }),
  );
  closers.add(() => cloud.close());
  const org = await stage("Okta org with its people and groups", () =>
    startOrg({
      quirks: options.quirks ?? {},
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
      if (event.kind === "resource" && event.op !== "same") onChange({ op: event.op, urn: event.urn });
    },
  });
  return { cloud, org, engine };
}

/**
 * The connection at the end of the start. A stack file with `pending` continues to `ready`; only an override keeps the
 * tenant at `pending`. The program itself rejects any other value.
 */
function wantedConnection(overrides: ReadonlyMap<string, string>, file: StackConfig): string {
  const declared = file.values[CONNECTION] ?? "pending";
  const played = declared === "pending" && !isByHand(overrides, file) ? "ready" : declared;
  return overrides.get("connection") ?? played;
}

/** Nobody plays the administrator of an org that the stack cannot reach. */
const isByHand = (overrides: ReadonlyMap<string, string>, { values }: StackConfig): boolean =>
  (overrides.get("oktaHalf") ?? values[`${NAMESPACE}:oktaHalf`]) === "byHand";

/** Both deployments with the console step between them; only the first one for `pending`. @returns the first one */
async function deployTwice(
  { connection, isByHand: isAlone }: { readonly connection: string; readonly isByHand: boolean },
  stage: Stage,
  up: (overrides: Readonly<Record<string, string>>) => Promise<Deployment>,
  org: Org,
): Promise<Deployment> {
  if (isAlone) return stage("Deployment of the AWS half", () => up({ connection }));
  const before = connection === "ready" ? "pending" : connection;
  const first = await stage("First deployment (connection: pending)", () => up({ connection: before }));
  if (connection === "pending") return first;
  await stage("Console step: SCIM switched on in the Admin Console", () =>
    doConsoleStep(org, readConsoleSteps(first.resources), revealOutputs(first.outputs).values),
  );
  await stage("Second deployment (connection: ready)", () => up({ connection: "ready" }));
  await stage("People assigned and groups pushed by Okta", () => org.idle());
  return first;
}

const costOf = (cloud: Cloud, { responseHeaders }: Exchange): Cost | undefined =>
  cloud.costOf(responseHeaders["apigw-requestid"] ?? "");

/**
 * The same check as for a real tenant, over HTTP. Okta's client takes a second to load, and only this check waits for
 * it.
 */
async function verify(
  stack: string,
  { values, secretKeys }: StackConfig,
  outputs: Readonly<Record<string, unknown>>,
  { url, apiToken }: Org,
): Promise<readonly Check[]> {
  const { verifyLive } = await import("../../operations/verify/verifyStack.ts");
  return verifyLive(stack, { config: values, secretKeys, outputs }, () => ({ orgUrl: url, token: apiToken }));
}

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
