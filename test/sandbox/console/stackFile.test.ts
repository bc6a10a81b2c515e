import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseTenantConfig } from "../../../components/config/tenant.ts";
import { ROOT } from "../../../operations/live/stackFile.ts";
import { describeConfiguration, yamlOf } from "../../../sandbox/console/configuration.ts";
import { createDeployments, type DeploymentRequest } from "../../../sandbox/console/deployments.ts";
import { createStackFileReader, type StackFileReader } from "../../../sandbox/console/stackFile.ts";
import type { StackConfig } from "../../../sandbox/engine/index.ts";
import { readStack } from "../../../sandbox/engine/stackFile.ts";
import { messageOf } from "../../../sandbox/support/errors.ts";
import { configWith, readLayers } from "../../../sandbox/tenant/layers.ts";
import { eventually } from "../../support/e2e/support.ts";

const FILE = "Pulumi.dev.yaml";
const closers: (() => unknown)[] = [];
let folder: string;
let text: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "okta-scim-stack-file-"));
  closers.push(() => rm(folder, { recursive: true }));
  for (const name of ["Pulumi.yaml", FILE]) await copyFile(join(ROOT, name), join(folder, name));
  text = await readFile(join(folder, FILE), "utf8");
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const write = (content: string): Promise<void> => writeFile(join(folder, FILE), content);
/** Sets keys of the program at the end of the file. */
const edit = (...lines: readonly string[]): Promise<void> =>
  write(`${text}${lines.map((line) => `  okta-scim-directory:${line}\n`).join("")}`);
const withGroup = (): Promise<void> => write(text.replace("- Designers", "- Designers\n    - Finance"));

/** A JSON text without spaces, or the text itself. */
function sameJson(given: string): string {
  try {
    return JSON.stringify(JSON.parse(given));
  } catch {
    return given;
  }
}

/** The configuration of a tenant that runs, whose deployments only take the configuration over. */
async function scene(options: Readonly<Record<string, string>> = {}) {
  const first = await readStack(folder, "dev");
  const layers = (): ReturnType<typeof readLayers> =>
    readLayers(folder, { stack: "dev", config: new Map(Object.entries(options)) }, first);
  const tenant = {
    stack: "dev",
    resources: [],
    config: configWith(await layers(), {}),
    deployedFile: first as StackConfig,
    readLayers: layers,
    up: async (overrides: Readonly<Record<string, string>>): Promise<void> => {
      const now = await layers();
      const config = configWith(now, overrides);
      parseTenantConfig(config.values, "dev");
      [tenant.config, tenant.deployedFile] = [config, now.file];
    },
  };
  const deployments = createDeployments(tenant, () => undefined);
  let changes = 0;
  const reader: StackFileReader = createStackFileReader(folder, tenant, deployments, () => (changes += 1), 10);
  closers.push(() => reader.close());
  const deploy = (more: Partial<DeploymentRequest> = {}): Promise<void> =>
    deployments.up({ title: "Deploy", startedBy: "page", ...more });
  const row = async (key: string): Promise<unknown> => {
    const { keys } = await describeConfiguration(tenant, deployments);
    const { source, value, inFile, below, isNotDeployed } = keys.find((one) => one.key === key) ?? {};
    return { source, value, inFile, below, isNotDeployed };
  };
  return { tenant, reader, deploy, row, changes: () => changes };
}

describe("an edit of the stack's file", () => {
  it("is named with its keys until a deployment uses it", async () => {
    const { reader, deploy } = await scene();
    expect(await reader.read()).toBeUndefined();
    await withGroup();
    expect(await reader.read()).toEqual({ file: FILE, keys: ["pushGroups"], hidden: [] });
    await deploy();
    expect(await reader.read()).toBeUndefined();
  });

  it("is no longer named once it is undone", async () => {
    const { reader } = await scene();
    await withGroup();
    expect(await reader.read()).toBeDefined();
    await write(text);
    expect(await reader.read()).toBeUndefined();
  });

  it("is nothing if only comments, order or form changed", async () => {
    const { reader } = await scene();
    await write(`# A comment\n${text.replace(/pushGroups:[^]*$/, "pushGroups: [Developers, Designers]\n")}`);
    expect(await reader.read()).toBeUndefined();
  });

  it("is named also for keys of providers, and for keys that are gone", async () => {
    const { reader } = await scene();
    await write(text.replace("us-east-1", "eu-west-1").replace("  okta-scim-directory:stage: development\n", ""));
    expect(new Set((await reader.read())?.keys)).toEqual(new Set(["aws:region", "stage"]));
  });

  it("stays named after a deployment that failed", async () => {
    const { reader, deploy } = await scene();
    await edit("throttle: fast");
    await expect(deploy()).rejects.toThrow("throttle: ");
    expect((await reader.read())?.keys).toEqual(["throttle"]);
  });

  it("that the program refuses is named with the program's own message", async () => {
    const { reader, deploy } = await scene();
    await edit("throttle: { ratePerSecond: 0, burst: many }", "pushGroup: [Developers]");
    const refused = await deploy().catch((error: unknown) => error);
    const notice = await reader.read();
    expect(notice).toMatchObject({ keys: ["throttle", "pushGroup"], hidden: [] });
    expect(notice?.problem).toBe(refused instanceof Error ? refused.message : "");
    expect(notice?.problem?.split("\n")).toEqual([
      "The configuration of this stack is not usable (3 problems):",
      expect.stringMatching(/pushGroup: .*did you mean pushGroups\?.*fix: pulumi config rm --stack dev pushGroup/),
      expect.stringContaining("throttle.ratePerSecond: "),
      expect.stringContaining("throttle.burst: "),
    ]);
  });

  it.each([
    ["that is no YAML", "config: [\n", /^Pulumi\.dev\.yaml is not a stack file: .* at line 2, column 1$/],
    ["that holds an encrypted value", "config:\n  tenant:\n    secure: v1:x\n", /tenant is encrypted/],
  ])("%s is named with the sentence that npm start prints", async (_, content, sentence) => {
    const { reader } = await scene();
    await write(content);
    const notice = await reader.read();
    expect(notice).toMatchObject({ file: FILE, keys: [], hidden: [] });
    expect(notice?.problem).toMatch(sentence);
    expect(notice?.problem).toBe(await readStack(folder, "dev").then(String, messageOf));
    await write(text);
    expect(await reader.read()).toBeUndefined();
  });

  it("that deletes it is named with the files that are there", async () => {
    const { reader } = await scene();
    await rm(join(folder, FILE));
    expect((await reader.read())?.problem).toMatch(/^there is no Pulumi\.dev\.yaml; the stacks here are/);
  });

  it("is heard of when the file is written, replaced by another one, deleted, and made again", async () => {
    const { reader, changes } = await scene();
    const heard = async (change: () => Promise<void>): Promise<void> => {
      const before = changes();
      // The first look, which the later ones are compared with, may come after the change.
      await eventually(
        async () => {
          await change();
          return changes();
        },
        (now) => now > before,
      );
    };
    await heard(withGroup);
    await heard(async () => {
      await writeFile(join(folder, "new"), text);
      await rename(join(folder, "new"), join(folder, FILE));
    });
    await heard(() => rm(join(folder, FILE), { force: true }));
    await heard(() => write(text));
    expect(await reader.read()).toBeUndefined();
  });
});

describe("a value as lines of the stack's file", () => {
  const key = "okta-scim-directory:pushGroups";
  beforeEach(() => writeFile(join(folder, "Pulumi.yaml"), "name: okta-scim-directory\n"));
  const reread = async (lines: string): Promise<string | undefined> => {
    await write(`config:\n${lines}`);
    return (await readStack(folder, "dev")).values[key];
  };

  it("is written in the form of these files", () => {
    expect(yamlOf(key, '["Developers",{"name":"Design","targetName":"yes"}]')).toBe(
      `  ${key}:\n    - Developers\n    - name: Design\n      targetName: yes\n`,
    );
    expect(yamlOf(key, "ready")).toBe(`  ${key}: ready\n`);
  });

  it("is read as the same value, whatever it is", async () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value")),
        fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,9}$/), tie("value")),
      ),
    }));
    const texts = fc.oneof(
      value.map((one) => JSON.stringify(one)),
      fc.string(),
      fc.constantFrom("1.0", "null", "0x1F", "~", "yes", "a: b", "# c", "[", '{"a": 1}'),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        expect(await reread(yamlOf(key, given))).toBe(/^\s*[[{]/.test(given) ? sameJson(given) : given);
      }),
      { numRuns: 50 },
    );
  });
});

describe("an edit that another source hides", () => {
  const throttle = (burst: number): string => JSON.stringify({ ratePerSecond: 7, burst });
  const inFile = '{"ratePerSecond":500,"burst":1000}';

  it.each(["page", "npm run up"] as const)("is named with the source: %s", async (startedBy) => {
    const { reader, deploy, row } = await scene();
    await deploy({ startedBy, set: { throttle: throttle(1) } });
    expect(await row("throttle")).toMatchObject({ source: startedBy, inFile: undefined, below: "file" });
    await edit(`throttle: ${inFile}`);
    expect(await reader.read()).toEqual({ file: FILE, keys: [], hidden: [{ key: "throttle", source: startedBy }] });
    expect(await row("throttle")).toEqual({
      ...{ source: startedBy, value: throttle(1), inFile, below: "file", isNotDeployed: false },
    });
    await deploy({ unset: ["throttle"] });
    expect(await reader.read()).toBeUndefined();
    expect(await row("throttle")).toEqual({ source: "file", value: inFile, isNotDeployed: false });
  });

  it("is named with --config, which counts again once the page's value is dropped", async () => {
    const { reader, deploy, row } = await scene({ throttle: throttle(1) });
    await edit(`throttle: ${inFile}`);
    expect((await reader.read())?.hidden).toEqual([{ key: "throttle", source: "--config" }]);
    expect(await row("throttle")).toMatchObject({ source: "--config", value: throttle(1), inFile, below: undefined });
    await deploy({ set: { throttle: throttle(2) } });
    expect(await row("throttle")).toMatchObject({ source: "page", value: throttle(2), inFile, below: "--config" });
    await deploy({ unset: ["throttle"] });
    expect(await row("throttle")).toMatchObject({ source: "--config", value: throttle(1), inFile, below: undefined });
  });

  it("is not one if the value is the same", async () => {
    const { deploy, row } = await scene();
    await edit(`throttle: ${throttle(1)}`);
    await deploy({ set: { throttle: throttle(1) } });
    expect(await row("throttle")).toMatchObject({ source: "page", inFile: undefined, below: "file" });
  });

  it("shows no secret of the file", async () => {
    const { deploy, row } = await scene();
    await edit(`endpoint: { kind: external, baseUrl: "https://iru.example/scim/v2", token: s3cret-token }`);
    await deploy({ set: { endpoint: '{"kind":"managed"}' } });
    const shown = JSON.stringify(await row("endpoint"));
    expect(shown).toContain("[secret]");
    expect(shown).not.toContain("s3cret-token");
  });

  it("is the connection that npm start reached, until the file's connection is edited", async () => {
    await edit("connection: pending");
    text = await readFile(join(folder, FILE), "utf8");
    const { reader, row } = await scene();
    expect(await row("connection")).toMatchObject({ source: "npm start", value: "ready", inFile: "pending" });
    await write(text.replace("connection: pending", "connection: ready"));
    expect(await reader.read()).toBeUndefined();
    expect(await row("connection")).toMatchObject({ source: "file", value: "ready", inFile: undefined });
  });
});
