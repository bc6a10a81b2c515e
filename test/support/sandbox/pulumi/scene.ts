import { expect } from "vitest";
import { z } from "zod";
import type { Provider, ResourceHandler } from "../../../../sandbox/engine/provider.ts";
import { doConsoleStep as playConsoleStep, readConsoleSteps } from "../../../../sandbox/tenant/consoleStep.ts";
import { startStandIns, type StandIns } from "../../../../sandbox/pulumi/index.ts";
import { binaries, createCli, type Cli, type Ran } from "./cli.ts";
import { expectNoneInPlainText } from "./plainText.ts";

const outputs = z.object({
  scimBaseUrl: z.string(),
  scimToken: z.string(),
  scimAuthorization: z.string(),
  oktaAppId: z.string(),
  assignmentGroupId: z.string(),
  connection: z.string(),
  nextSteps: z.array(z.string()),
  pushGroups: z.record(
    z.string(),
    z.object({ sourceGroupId: z.string(), mappingId: z.string().nullable(), status: z.string() }),
  ),
});
export type Outputs = z.infer<typeof outputs>;

const checkpoint = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        type: z.string(),
        id: z.string().optional(),
        outputs: z.record(z.string(), z.unknown()).default({}),
      }),
    ),
    pending_operations: z.array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) })).default([]),
  }),
});
export type Checkpoint = z.infer<typeof checkpoint>["deployment"];

export const PUSH = "okta:index/pushGroup:PushGroup";

/** A creation that the engine waits for. */
export interface Held {
  /** Resolves when the engine has requested it. */
  readonly reached: Promise<void>;
  /** Creates the resource. Resolves when it exists. */
  release(): Promise<void>;
  /** Does not create it. */
  refuse(): void;
}

/** The stack `dev` under Pulumi's own engine, and a person's actions on it. */
export interface Scene {
  readonly standIns: StandIns;
  readonly cli: Cli;
  /** Resource types in the order in which the providers were asked to delete them. */
  readonly deletions: string[];
  /** Lines that the service wrote. */
  readonly serviceLog: readonly string[];
  /** `pulumi up` without questions. */
  up(...options: string[]): Promise<Ran>;
  config(key: string, value: string): Promise<unknown>;
  /** The stack's outputs, secrets in clear. */
  read(): Promise<Outputs>;
  /** The stack's state. */
  checkpoint(): Promise<Checkpoint>;
  /** Does the console steps of the stack. */
  connect(): Promise<void>;
  okta(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The status of a list of the directory, and the names in it. */
  scim(path: string, token: string): Promise<{ status: number; names: string[] }>;
  /** Holds the next creation of a type. */
  hold(type: string): Held;
  /** Fails if one of the stack's tokens appeared in plain text. */
  expectNoTokenInPlainText(): Promise<void>;
  close(): Promise<void>;
}

export const dev = ["--stack", "dev"] as const;
export const upDev = ["up", "--yes", "--skip-preview", ...dev] as const;

/** The lines under `Resources:`. */
export const summary = (text: string): string[] =>
  [...(text.split(/^Resources:$/m)[1] ?? "").matchAll(/^ {4}(.+)$/gm)].map(([, line]) => line?.trim() ?? "");

/** A stack's outputs, secrets in clear. */
export async function readOutputs(cli: Cli, stack: string): Promise<Outputs> {
  const { stdout } = await cli.ok("stack", "output", "--json", "--show-secrets", "--stack", stack);
  return outputs.parse(JSON.parse(stdout));
}

/** The stack's state. */
async function readCheckpoint(cli: Cli, stack: string): Promise<Checkpoint> {
  const { stdout } = await cli.ok("stack", "export", "--stack", stack);
  return checkpoint.parse(JSON.parse(stdout)).deployment;
}

/** The steps that only the Admin Console offers, as the stack's component registered them. */
export async function doConsoleStep({ org }: StandIns, cli: Cli, stack: string): Promise<void> {
  const { resources } = await readCheckpoint(cli, stack);
  await playConsoleStep(org, readConsoleSteps(resources), await readOutputs(cli, stack));
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function deferred(): Deferred {
  let resolve = (): void => undefined;
  let reject = (_error: Error): void => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Observes the requests to the providers: records deletions, and holds a creation. */
function createObserver(deletions: string[]): {
  readonly wrap: (provider: Provider) => Provider;
  readonly hold: (type: string) => Held;
} {
  let held: { readonly type: string; readonly begin: () => Promise<void>; readonly end: () => void } | undefined;

  const observed = (type: string, handler: ResourceHandler): ResourceHandler => ({
    ...handler,
    create: async (inputs) => {
      const mine = held?.type === type ? held : undefined;
      if (mine === undefined) return handler.create(inputs);
      held = undefined;
      await mine.begin();
      return handler.create(inputs).finally(mine.end);
    },
    delete: async (id, state) => {
      deletions.push(type);
      return handler.delete(id, state);
    },
  });
  const wrap = (provider: Provider): Provider => ({
    ...provider,
    resources: Object.fromEntries(
      Object.entries(provider.resources).map(([type, handler]) => [type, observed(type, handler)]),
    ),
  });

  function hold(type: string): Held {
    const [reached, decided, made] = [deferred(), deferred(), deferred()];
    held = {
      type,
      begin: () => {
        reached.resolve();
        return decided.promise;
      },
      end: made.resolve,
    };
    return {
      reached: reached.promise,
      release: () => {
        decided.resolve();
        return made.promise;
      },
      refuse: () => decided.reject(new Error("nothing was made")),
    };
  }

  return { wrap, hold };
}

export async function startScene(): Promise<Scene> {
  const deletions: string[] = [];
  const serviceLog: string[] = [];
  const tokens = new Set<string>();
  const { wrap, hold } = createObserver(deletions);
  const standIns = await startStandIns({ binaries: binaries ?? "", wrap, onLog: (line) => serviceLog.push(line) });
  const cli = await createCli(standIns);
  await cli.ok("stack", "init", "dev");

  async function read(): Promise<Outputs> {
    const found = await readOutputs(cli, "dev");
    tokens.add(found.scimToken);
    return found;
  }

  return {
    standIns,
    cli,
    deletions,
    serviceLog,
    up: (...options) => cli.ok(...upDev, ...options),
    config: (key, value) => cli.ok("config", "set", ...dev, "--path", key, value),
    read,
    checkpoint: () => readCheckpoint(cli, "dev"),
    connect: async () => {
      await read();
      await doConsoleStep(standIns, cli, "dev");
    },
    async okta(method, path, body) {
      const response = await fetch(`${standIns.org.url}/api/v1${path}`, {
        method,
        headers: { authorization: `SSWS ${standIns.org.apiToken}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      expect(response.status, text).toBeLessThan(300);
      return text === "" ? undefined : (JSON.parse(text) as unknown);
    },
    async scim(path, token) {
      const { scimBaseUrl } = await read();
      const response = await fetch(`${scimBaseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
      const body = z
        .object({ Resources: z.array(z.object({ displayName: z.string().optional() })).default([]) })
        .parse(await response.json());
      return { status: response.status, names: body.Resources.map(({ displayName }) => displayName ?? "").sort() };
    },
    hold,
    expectNoTokenInPlainText: () => expectNoneInPlainText(tokens, cli, serviceLog),
    async close() {
      await cli.remove();
      await standIns.close();
    },
  };
}
