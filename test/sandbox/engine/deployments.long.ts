import { afterEach, describe, expect, test } from "vitest";
import { DeploymentError, Secret } from "../../../sandbox/engine/index.ts";
import { UNKNOWN } from "../../../sandbox/engine/values.ts";
import { createProject, none, removeProjects } from "../../support/sandbox/engine/fixture.ts";

afterEach(removeProjects);

const counts = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

describe("a deployment", () => {
  test("returns outputs, with secrets still wrapped", async () => {
    const { engine } = createProject(`
      const config = new pulumi.Config("fixture");
      const a = new Thing("a", { label: config.requireSecret("word") }, { additionalSecretOutputs: ["serial"] });
      export const { label, serial } = a;
      export const id = a.id;
      export const limits = config.requireObject("limits");
      export const greeting = pulumi.runtime.invoke("fake:index:greet", { who: "you" }).then(({ text }) => text);
    `);
    const config = {
      values: { "fixture:word": "hush", "fixture:limits": '{"burst":2}' },
      secretKeys: ["fixture:word"],
    };
    const { outputs, resources, summary } = await engine.up(config);
    expect(outputs).toEqual({
      label: new Secret("hush"),
      serial: new Secret("serial-1"),
      id: "t1",
      limits: { burst: 2 },
      greeting: "hello you",
    });
    expect(summary).toEqual({ ...counts, create: 1 });
    const thing = resources.find(({ name }) => name === "a");
    expect(thing?.urn).toBe("urn:pulumi:test::fixture::fake:index:Thing::a");
    expect(thing?.inputs["title"]).toMatch(/^a-[0-9a-f]{7}$/);
  });

  test("leaves unchanged resources alone, updates changed ones, honours ignoreChanges", async () => {
    const program = (label: string, other: string): string => `
      const a = new Thing("a", { label: "${label}" });
      const b = new Thing("b", { label: "${other}" }, { ignoreChanges: ["label"] });
      export const serial = a.serial;
      export const kept = b.label;
    `;
    const { engine, write, calls } = createProject(program("one", "one"));
    const first = await engine.up(none);
    const second = await engine.up(none);
    expect(second.outputs).toEqual(first.outputs);
    expect(second.summary).toEqual({ ...counts, same: 2 });
    write(program("two", "two"));
    const third = await engine.up(none);
    expect(third.summary).toEqual({ ...counts, update: 1, same: 1 });
    expect(third.outputs["kept"]).toBe("one");
    expect(calls.filter((call) => call.startsWith("update"))).toHaveLength(1);
    const titles = [first, third].map(({ resources }) => resources.find(({ name }) => name === "a")?.inputs["title"]);
    expect(titles[0]).toBe(titles[1]);
  });

  test("creates a replacement before it deletes the old resource", async () => {
    const { engine, write, calls } = createProject(`new Thing("a", { kind: "x" });`);
    await engine.up(none);
    write(`new Thing("a", { kind: "y" });`);
    const { summary } = await engine.up(none);
    expect(calls).toEqual(["create t1", "create t2", "delete t1"]);
    expect(summary).toEqual({ ...counts, replace: 1, delete: 1 });
  });

  test("deletes resources that are no longer declared, dependents first", async () => {
    const { engine, write, calls } = createProject(`
      const a = new Thing("a", {});
      const b = new Thing("b", { label: a.serial });
      new Thing("c", {}, { dependsOn: b });
    `);
    await engine.up(none);
    write("");
    const { summary } = await engine.up(none);
    expect(calls.slice(3)).toEqual(["delete t3", "delete t2", "delete t1"]);
    expect(summary).toEqual({ ...counts, delete: 3 });
  });

  test("deletes the replaced resource later if the deployment that replaced it failed", async () => {
    const { engine, write, calls } = createProject(`new Thing("a", { kind: "x" });`);
    await engine.up(none);
    write(`const a = new Thing("a", { kind: "y" }); new Thing("b", { label: a.serial.apply(() => "bad") });`);
    await expect(engine.up(none)).rejects.toThrow("label bad is not allowed");
    write(`new Thing("a", { kind: "y" });`);
    await engine.up(none);
    expect(calls).toEqual(["create t1", "create t2", "delete t1"]);
  });
});

describe("protect", () => {
  test("refuses deletion and replacement", async () => {
    const { engine, write, calls } = createProject(`new Thing("a", { kind: "x" }, { protect: true });`);
    await engine.up(none);
    write(`new Thing("a", { kind: "y" }, { protect: true });`);
    await expect(engine.up(none)).rejects.toThrow(
      "fake:index:Thing a is protected, and a change of kind would replace it",
    );
    write("");
    await expect(engine.up(none)).rejects.toThrow("fake:index:Thing a is protected and no longer declared");
    await expect(engine.destroy()).rejects.toThrow("fake:index:Thing a is protected");
    expect(calls).toEqual(["create t1"]);
  });
});

test("destroy deletes dependents first and leaves nothing", async () => {
  const { engine, calls } = createProject(`const a = new Thing("a", {}); new Thing("b", { label: a.serial });`);
  await engine.up(none);
  await engine.destroy();
  expect(calls.slice(2)).toEqual(["delete t2", "delete t1"]);
  await engine.destroy();
  expect(calls).toHaveLength(4);
});

test("a preview creates nothing and returns unknowns for values that only a creation knows", async () => {
  const { engine, calls, events } = createProject(`
    const a = new Thing("a", { label: "x" });
    const b = new Thing("b", { label: a.serial });
    export const { serial, label } = a;
    export const passedOn = b.label;
  `);
  const { outputs, summary, resources } = await engine.preview(none);
  expect(outputs).toEqual({ serial: UNKNOWN, label: "x", passedOn: UNKNOWN });
  expect(summary).toEqual({ ...counts, create: 2 });
  expect(resources).toEqual([]);
  expect(calls).toEqual([]);
  expect(events.filter(({ kind }) => kind === "resource")).toHaveLength(2);
});

describe("a deployment that fails", () => {
  const failureOf = async (program: string, timeoutMs?: number): Promise<{ message: string }> => {
    const { engine } = createProject(program, timeoutMs);
    const error: unknown = await engine.up(none).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof DeploymentError)) throw new Error(`expected a DeploymentError, got ${String(error)}`);
    return { message: error.message };
  };

  // On Node 20, an error that Pulumi inspects in colour takes minutes. A test beyond its time limit fails.
  test("reports only the provider's message, and soon", async () => {
    const { message } = await failureOf(`new Thing("a", { label: "bad" }); new Thing("b", {});`);
    expect(message).toBe("fake:index:Thing a: label bad is not allowed; use good");
  });

  test("reports only the message of a RunError, and soon", async () => {
    const { message } = await failureOf(`throw new pulumi.RunError("tenant: is missing; set it");`);
    expect(message).toBe("tenant: is missing; set it");
  });

  test("reports only the message of a RunError thrown in an apply", async () => {
    const { message } = await failureOf(`
      class UserError extends pulumi.RunError { constructor(m: string) { super(m); this.stack = m; } }
      const a = new Thing("a", {});
      export const checked = a.serial.apply((): string => { throw new UserError("switch provisioning on first"); });
    `);
    expect(message).toBe("switch provisioning on first");
  });

  test("rejects two resources with one name", async () => {
    const { message } = await failureOf(`new Thing("a", {}); new Thing("a", {});`);
    expect(message).toContain("two resources have the same name: fake:index:Thing a");
  });

  test("rejects unknown resource types", async () => {
    const { message } = await failureOf(`new pulumi.CustomResource("fake:index:Other", "a", {});`);
    expect(message).toBe("the sandbox has no resource type fake:index:Other (a)");
  });

  test("rejects unknown functions", async () => {
    const { message } = await failureOf(`await pulumi.runtime.invoke("fake:index:none", {});`);
    expect(message).toBe("the sandbox has no function fake:index:none");
  });

  test("names a feature that the sandbox does not offer", async () => {
    const { message } = await failureOf(`new pulumi.CustomResource("fake:index:Thing", "a", {}, { id: "t1" });`);
    expect(message).toBe("the sandbox does not offer existing resources (`Resource.get`)");
  });

  test("reports a program that waits for a promise that never resolves", async () => {
    const { message } = await failureOf(
      `setInterval(() => undefined, 1000); await new Promise(() => undefined);`,
      3_000,
    );
    expect(message).toBe("the program did not end in time; it waits for a promise that never resolves");
  });

  test("names the resource whose provider does not answer", async () => {
    const { message } = await failureOf(`new Thing("a", { label: "stuck" });`, 8_000);
    expect(message).toBe("the program did not end in time; it waits for fake:index:Thing a");
  });
});

test("the program gets none of the user's credentials", async () => {
  const { engine } = createProject(`
    export const keys = Object.keys(process.env).filter((key) => /^(AWS|OKTA)_/.test(key));
  `);
  process.env["AWS_SECRET_ACCESS_KEY"] = process.env["OKTA_API_TOKEN"] = "mine";
  try {
    expect((await engine.up(none)).outputs).toEqual({ keys: [] });
  } finally {
    delete process.env["AWS_SECRET_ACCESS_KEY"];
    delete process.env["OKTA_API_TOKEN"];
  }
});
