import { z } from "zod";
import { messageOf } from "../support/errors.ts";
import type { DeploymentEvent } from "../tenant/deploymentEvents.ts";
import { NAMESPACE } from "../tenant/stackConfig.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { acceptedTokens } from "./acceptedTokens.ts";
import { createDeploymentLog, type DeploymentLog, type DeploymentView, type Starter } from "./deploymentLog.ts";

/** A change of the configuration. */
export interface Edit {
  /** Overrides of the stack's file, on top of all earlier ones: key with or without the namespace → text. */
  readonly set?: Readonly<Record<string, string>>;
  /** Keys whose earlier overrides are forgotten. */
  readonly unset?: readonly string[];
}

export interface DeploymentRequest extends Edit {
  /** What the deployment is for, in a few words. */
  readonly title: string;
  readonly startedBy: Starter;
  /** Reads org and cloud first. */
  readonly refresh?: boolean;
}

/** Deployments that the page and `npm run up` start: one at a time, each on top of the previous ones. */
export interface Deployments {
  /** Whether a deployment runs or waits for one that runs. */
  readonly running: boolean;
  /** The deployment that runs, else the last one until it is dismissed. */
  readonly shown: DeploymentView | undefined;
  /** Fully qualified key → text, from all deployments that succeeded. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Fully qualified key → where its override was set. */
  readonly overriddenBy: Readonly<Record<string, Starter>>;
  /**
   * Deploys the stack's current file with the overrides.
   * @param onEvent hears of the stages and resources, even if the deployment fails later
   * @throws FailedDeployment with the message that `pulumi up` would print; its overrides are then forgotten
   */
  up(request: DeploymentRequest, onEvent?: (event: DeploymentEvent) => void): Promise<void>;
  /** Shows a deployment as failed that was refused before it began. @throws FailedDeployment always */
  refuse(request: Pick<DeploymentRequest, "title" | "startedBy">, reason: unknown): never;
  /** Shows an ended deployment no longer. */
  dismiss(id: number): void;
  /** SHA-256 of a token, in hexadecimal → its generation, of every token that a deployment of this tenant made. */
  readonly tokens: ReadonlyMap<string, number>;
  tokenGeneration(): number;
  acceptsPreviousToken(): boolean;
  /** Whether the stack creates the directory, instead of using the address and token of an existing one. */
  isManaged(): boolean;
}

/** A deployment that failed; the page shows its message until the next one. */
export class FailedDeployment extends Error {
  override readonly name = "FailedDeployment";
}

const endpoint = z.object({ kind: z.string() });

export const qualified = (key: string): string => (key.includes(":") ? key : `${NAMESPACE}:${key}`);

/** The overrides after a request, or whatever else is kept for each of them. */
export function overridesAfter<T extends string>(
  before: Readonly<Record<string, T>>,
  { set = {}, unset = [] }: { readonly set?: Readonly<Record<string, T>>; readonly unset?: readonly string[] },
): Readonly<Record<string, T>> {
  const gone = new Set(unset.map(qualified));
  const kept = Object.entries(before).filter(([key]) => !gone.has(key));
  const added = Object.entries(set).map(([key, value]): [string, T] => [qualified(key), value]);
  return Object.fromEntries([...kept, ...added]);
}

/** Where each override was set, after a request. */
const settersAfter = (
  before: Readonly<Record<string, Starter>>,
  { set = {}, unset = [], startedBy }: DeploymentRequest,
): Readonly<Record<string, Starter>> =>
  overridesAfter(before, { set: Object.fromEntries(Object.keys(set).map((key) => [key, startedBy])), unset });

type Deployable = Pick<Tenant, "up" | "config" | "resources">;

/** Keeps the generation of each token that the deployed function accepts, also once it accepts the token no longer. */
function createTokenNotes(tenant: Deployable) {
  const tokens = new Map<string, number>();
  const noteTokens = (): void => {
    for (const { sha256, generation } of acceptedTokens(tenant)) tokens.set(sha256, generation);
  };
  noteTokens();
  return { tokens, noteTokens };
}

/** What the last deployment set for endpoint and tokens. */
const settingsOf = (
  tenant: Pick<Tenant, "config">,
): Pick<Deployments, "isManaged" | "acceptsPreviousToken" | "tokenGeneration"> => ({
  isManaged: () => {
    const set = tenant.config.values[qualified("endpoint")];
    return set === undefined || endpoint.parse(JSON.parse(set)).kind === "managed";
  },
  acceptsPreviousToken: () => tenant.config.values[qualified("acceptPreviousToken")] !== "false",
  tokenGeneration: () => Number(tenant.config.values[qualified("tokenGeneration")] ?? 1),
});

/** Keeps the log of the deployment that is shown. */
function createShown(onStateChange: () => void) {
  let log: DeploymentLog | undefined;
  let count = 0;
  return {
    get view() {
      return log?.view;
    },
    begin: ({ title, startedBy, refresh = false }: DeploymentRequest): DeploymentLog => {
      count += 1;
      log = createDeploymentLog({ id: count, title, startedBy, refresh });
      onStateChange();
      return log;
    },
    dismiss: (id: number): void => {
      if (log?.view.id === id && log.view.state !== "running") log = undefined;
      onStateChange();
    },
  };
}

/** @param onStateChange called after each change of `shown` or `running` */
export function createDeployments(tenant: Deployable, onStateChange: () => void): Deployments {
  let overrides: Readonly<Record<string, string>> = {};
  let overriddenBy: Readonly<Record<string, Starter>> = {};
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const shown = createShown(onStateChange);
  const { tokens, noteTokens } = createTokenNotes(tenant);

  const deploy = async (request: DeploymentRequest, onEvent: (event: DeploymentEvent) => void): Promise<void> => {
    const own = shown.begin(request);
    const { refresh = false } = request;
    try {
      const wanted = overridesAfter(overrides, request);
      await tenant.up(
        wanted,
        (event) => {
          own.tell(event);
          onEvent(event);
          onStateChange();
        },
        { refresh },
      );
      overrides = wanted;
      overriddenBy = settersAfter(overriddenBy, request);
      noteTokens();
      own.end();
    } catch (error) {
      own.end(messageOf(error));
      throw new FailedDeployment(messageOf(error), { cause: error });
    }
  };
  return {
    get running() {
      return waiting > 0;
    },
    get shown() {
      return shown.view;
    },
    get overrides() {
      return overrides;
    },
    get overriddenBy() {
      return overriddenBy;
    },
    tokens,
    ...settingsOf(tenant),
    refuse: (request, reason) => {
      shown.begin(request).end(messageOf(reason));
      throw new FailedDeployment(messageOf(reason), { cause: reason });
    },
    dismiss: shown.dismiss,
    up: (request, onEvent = () => undefined) => {
      waiting += 1;
      onStateChange();
      const work = last.then(() => deploy(request, onEvent));
      last = work
        .catch(() => undefined)
        .finally(() => {
          waiting -= 1;
          onStateChange();
        });
      return work;
    },
  };
}
