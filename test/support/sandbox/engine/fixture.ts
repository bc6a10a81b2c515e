import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, type Engine, type EngineEvent, type StackConfig } from "../../../../sandbox/engine/index.ts";
import type { Properties, Provider } from "../../../../sandbox/engine/provider.ts";

export const none: StackConfig = { values: {}, secretKeys: [] };

const prelude = `
import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, options: pulumi.CustomResourceOptions = {}) {
    super("fake:index:Thing", name, { serial: undefined, label: undefined, ...args }, options);
  }
  declare serial: pulumi.Output<string>;
  declare label: pulumi.Output<string>;
}
`;

export interface FakeProvider {
  readonly provider: Provider;
  /** The calls of the provider, in order: `create a`, `delete t1` and so on. */
  readonly calls: string[];
}

/** A thing has a label and a kind (whose change replaces it). The label `bad` is refused, `stuck` is never answered. */
function fakeProvider(): FakeProvider {
  const calls: string[] = [];
  let count = 0;
  const check = async ({ label }: Properties): Promise<void> => {
    if (label === "bad") throw new Error("label bad is not allowed; use good");
    if (label === "stuck") await new Promise(() => undefined);
  };
  return {
    calls,
    provider: {
      package: "fake",
      resources: {
        "fake:index:Thing": {
          computed: ["serial"],
          replaces: ["kind"],
          autoName: "title",
          create: async (inputs) => {
            await check(inputs);
            count += 1;
            calls.push(`create t${count}`);
            return { id: `t${count}`, outputs: { serial: `serial-${count}` } };
          },
          read: async (_id, state) => state,
          update: async (id, state, inputs) => {
            await check(inputs);
            calls.push(`update ${id}`);
            return { ...state, ...inputs };
          },
          delete: async (id) => void calls.push(`delete ${id}`),
        },
      },
      functions: { "fake:index:greet": async ({ who }) => ({ text: `hello ${String(who)}` }) },
    },
  };
}

export interface Project {
  readonly engine: Engine;
  readonly calls: string[];
  readonly events: EngineEvent[];
  /** Replaces the program; `Thing` and `pulumi` are in scope. */
  readonly write: (program: string) => void;
}

const folders: string[] = [];

/** A program in its own folder below this one, so that it finds the modules of the checkout. */
export function createProject(program: string, timeoutMs = 20_000): Project {
  const root = mkdtempSync(join(fileURLToPath(new URL(".", import.meta.url)), ".tmp-"));
  folders.push(root);
  const write = (text: string): void => writeFileSync(join(root, "index.ts"), `${prelude}\n${text}\n`);
  writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(root, "Pulumi.yaml"), "name: fixture\nruntime: nodejs\n");
  write(program);
  const { provider, calls } = fakeProvider();
  const events: EngineEvent[] = [];
  const engine = createEngine({
    ...{ root, project: "fixture", stack: "test", providers: [provider], timeoutMs },
    onEvent: (event) => events.push(event),
  });
  return { engine, calls, events, write };
}

export function removeProjects(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
