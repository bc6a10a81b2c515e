import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  DeploymentError,
  Secret,
  createEngine,
  startProgram,
  type Engine,
  type EngineEvent,
} from "../../../sandbox/engine/index.ts";
import type { Properties, Provider } from "../../../sandbox/engine/provider.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const config = { values: { "demo:who": "world" }, secretKeys: [] };

const HEAD = `import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) { super("fake:index:Thing", name, { serial: undefined, ...args }, opts); }
}
`;

let root: string;
let events: EngineEvent[];
let world: Map<string, Properties>;
let engine: Engine;

const provider = (): Provider => {
  let serial = 0;
  return {
    package: "fake",
    functions: { "fake:index:double": async ({ n }) => ({ twice: Number(n) * 2 }) },
    resources: {
      "fake:index:Thing": {
        computed: ["serial"],
        replaces: ["kind"],
        autoName: "name",
        async create(inputs) {
          if (inputs["broken"] === true) throw new Error("the quota of things is used up");
          const id = `thing-${(serial += 1)}`;
          world.set(id, inputs);
          return { id, outputs: { serial } };
        },
        read: async (_id, state) => state,
        async update(id, state, inputs) {
          world.set(id, inputs);
          return { serial: state["serial"] };
        },
        async delete(id) {
          world.delete(id);
        },
      },
    },
  };
};

const program = (body: string): Promise<void> => writeFile(join(root, "index.ts"), HEAD + body);
const operations = (): string[] =>
  events.flatMap((event) => (event.kind === "resource" ? [`${event.op} ${event.name}`] : []));

beforeEach(async () => {
  root = await mkdtemp(join(here, ".program-"));
  await writeFile(join(root, "package.json"), '{"type":"module"}');
  events = [];
  world = new Map();
  engine = createEngine({
    root,
    project: "demo",
    stack: "test",
    providers: [provider()],
    timeoutMs: 20_000,
    onEvent: (event) => events.push(event),
  });
});
afterEach(() => rm(root, { recursive: true }));

describe("a deployment", () => {
  it("creates resources in order of their data, names them, and keeps secrets wrapped", async () => {
    await program(`
      const config = new pulumi.Config("demo");
      const first = new Thing("first", { greeting: "hello " + config.require("who") });
      const second = new Thing("second", { after: first.serial, password: pulumi.secret("s3cret") });
      const { twice } = await pulumi.runtime.invoke("fake:index:double", { n: 21 });
      export const answer = twice;
      export const after = second.after;
      export const password = second.password;`);
    const { outputs, summary } = await engine.up(config);
    expect(outputs).toEqual({ answer: 42, after: 1, password: new Secret("s3cret") });
    expect(summary).toEqual({ create: 2, update: 0, replace: 0, delete: 0, same: 0 });
    expect(world.get("thing-1")).toEqual({
      greeting: "hello world",
      name: expect.stringMatching(/^first-[0-9a-f]{7}$/) as string,
    });
    expect(world.get("thing-2")).toMatchObject({ after: 1, password: "s3cret" });
  });

  it("changes only changed resources, replaces where the provider must, and deletes resources that are no longer declared", async () => {
    await program(
      `new Thing("same", { x: 1 }); new Thing("changed", { x: 1 }); new Thing("replaced", { kind: "a" }); new Thing("gone", {});`,
    );
    await engine.up(config);
    events = [];
    await program(`new Thing("same", { x: 1 }); new Thing("changed", { x: 2 }); new Thing("replaced", { kind: "b" });`);
    await engine.up(config);
    expect(operations().sort()).toEqual([
      "delete gone",
      "delete replaced",
      "replace replaced",
      "same same",
      "update changed",
    ]);
    const left = [...world.values()].map(
      ({ name, ...rest }) => `${String(name).split("-")[0]} ${JSON.stringify(rest)}`,
    );
    expect(left.sort()).toEqual(['changed {"x":2}', 'replaced {"kind":"b"}', 'same {"x":1}']);
    await engine.destroy();
    expect(world.size).toBe(0);
  });

  it("does not change properties in ignoreChanges and refuses to replace a protected resource", async () => {
    const declare = (logo: string, kind: string): Promise<void> =>
      program(`new Thing("app", { logo: "${logo}", kind: "${kind}" }, { ignoreChanges: ["logo"], protect: true });`);
    await declare("a", "one");
    await engine.up(config);
    events = [];
    await declare("b", "one");
    await engine.up(config);
    expect(operations()).toEqual(["same app"]);
    await declare("b", "two");
    await expect(engine.up(config)).rejects.toThrow(
      "fake:index:Thing app is protected, and a change of kind would replace it",
    );
    expect(world.size).toBe(1);
  });

  it("previews without creating anything, with unknown values", async () => {
    await program(`
      const thing = new Thing("new", {});
      export const known = pulumi.all([thing.serial]).apply(() => "reached");`);
    const { outputs } = await engine.preview(config);
    expect(world.size).toBe(0);
    expect(outputs["known"]).not.toBe("reached");
    expect(operations()).toEqual(["create new"]);
  });
});

describe("a program that starts before its deployment", () => {
  /** Writes the program, which leaves its process id in a file as soon as it runs, and starts it. */
  const started = async (body: string) => {
    await program(`import { writeFileSync } from "node:fs"; writeFileSync("running", String(process.pid));\n${body}`);
    const starting = startProgram({ root, project: "demo", stack: "test", config, preview: false });
    return { starting, pid: () => readFile(join(root, "running"), "utf8").then(Number) };
  };

  it("runs, and its calls are answered by the deployment that it belongs to", async () => {
    await program(`new Thing("first", {}); export const stage = 1;`);
    await engine.up(config);
    const { starting, pid } = await started(
      `const { twice } = await pulumi.runtime.invoke("fake:index:double", { n: 21 });
       new Thing("second", { twice }); export const stage = 2;`,
    );
    await expect.poll(pid).toBeGreaterThan(0);
    expect(operations()).toEqual(["create first"]);
    events = [];
    expect((await engine.up(config, starting)).outputs).toEqual({ stage: 2 });
    expect(operations()).toEqual(["create second", "delete first"]);
    expect(world.get("thing-2")).toMatchObject({ twice: 42 });
  });

  it("fails in its deployment", async () => {
    const { starting } = await started(`throw new pulumi.RunError("tenant: is required");`);
    await expect(engine.up(config, starting)).rejects.toThrow(new DeploymentError("tenant: is required"));
  });

  it("ends if it is stopped instead", async () => {
    const { starting, pid } = await started(`new Thing("first", {});`);
    await expect.poll(pid).toBeGreaterThan(0);
    const id = await pid();
    (await starting).stop();
    await expect.poll(() => isRunning(id)).toBe(false);
    expect(world.size).toBe(0);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a failure is the message that a person needs", () => {
  const failure = async (body: string): Promise<string> => {
    await program(body);
    const error: unknown = await engine.up(config).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeploymentError);
    return error instanceof Error ? error.message : "";
  };

  it("of a provider: only the resource and the reason", async () => {
    expect(await failure(`new Thing("fine", {}); new Thing("bad", { broken: true });`)).toBe(
      "fake:index:Thing bad: the quota of things is used up",
    );
  });

  it("of the program: its message without a stack", async () => {
    expect(await failure(`throw new pulumi.RunError("tenant: is required");`)).toBe("tenant: is required");
  });

  it("of two resources with one name", async () => {
    expect(await failure(`new Thing("twin", {}); new Thing("twin", {});`)).toContain(
      "two resources have the same name",
    );
  });

  it("of a resource type that the sandbox does not know", async () => {
    expect(await failure(`new pulumi.CustomResource("other:index:Thing", "x", {});`)).toBe(
      "the sandbox has no resource type other:index:Thing (x)",
    );
  });

  it("of a program that waits for a promise that never resolves", async () => {
    expect(await failure(`await new Promise(() => undefined);`)).toContain(
      "it may await a promise that never resolves",
    );
  });
});
