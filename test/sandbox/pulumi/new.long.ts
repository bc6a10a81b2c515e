import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { binaries } from "../../support/sandbox/pulumi/cli.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const PLACE = "PATH_OR_URL_OF_THIS_REPOSITORY";

describe.skipIf(binaries === undefined)("pulumi new, as the page on many tenants writes it", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "okta-scim-new-"));
    for (const folder of ["template", "state"]) await mkdir(join(root, folder));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) {
      await cp(join(repository, file), join(root, "template", file));
    }
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Runs the page's command; without the plugin for Node on the PATH, it ends before it installs packages. */
  async function pulumiNew(change: (options: string[]) => string[]): Promise<string> {
    const page = await readFile(join(repository, "docs", "many-tenants.md"), "utf8");
    const line = page.split("\n").find((each) => each.startsWith(`pulumi new ${PLACE} `)) ?? "";
    const options = change(line.split(" ").slice(3));
    const args = ["new", join(root, "template"), ...options, "--yes", "--color", "never"];
    const { stdout, stderr } = spawnSync(join(binaries ?? "", "pulumi"), args, {
      cwd: root,
      encoding: "utf8",
      env: {
        HOME: root,
        PATH: binaries,
        PULUMI_HOME: join(root, "home"),
        PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
    return stdout + stderr;
  }
  const made = (file: string): Promise<string> => readFile(join(root, "tenants", file), "utf8");

  test("makes the project and a stack beside the example", async () => {
    const text = await pulumiNew((options) => options);
    expect(text).toContain("Created project 'okta-scim-directory'");
    expect(text).toContain("Created stack 'acme-prod'");
    expect(parse(await made("Pulumi.yaml"))).toMatchObject({ name: "okta-scim-directory" });
    expect(await made("Pulumi.acme-prod.yaml")).not.toContain("# Example");
    expect(await made("Pulumi.dev.yaml")).toBe(await readFile(join(repository, "Pulumi.dev.yaml"), "utf8"));
  });

  test("needs both options, as the page says", async () => {
    const renamed = await pulumiNew((options) => options.map((word) => (word.startsWith("okta-") ? "other" : word)));
    expect(renamed).toContain("is not namespaced by the project");
    await rm(join(root, "tenants"), { recursive: true });
    expect(await pulumiNew((options) => options.slice(0, -2))).toContain("Created stack 'dev'");
  });
});
