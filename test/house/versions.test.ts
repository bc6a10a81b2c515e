import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifest = z
  .object({
    license: z.string(),
    engines: z.object({ node: z.string() }),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read("package.json")));

const workflows = [".github/workflows", ".github/actions"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yml"))
    .map((file) => `${folder}/${file}`),
);

describe("versions", () => {
  test("the Pulumi CLI is the same in package.json, in .ci/pulumi-cli and in the workflows", () => {
    const expected = manifest.devDependencies["pulumi"];
    expect(/^version=(.+)$/m.exec(read(".ci/pulumi-cli"))?.[1]).toBe(expected);
    expect(/pulumi-version: (\S+)/.exec(read(".github/workflows/tenants.yml"))?.[1]).toBe(expected);
  });

  test("the Node.js of .nvmrc is one that package.json accepts", () => {
    const least = /^>=(\d+)/.exec(manifest.engines.node)?.[1];
    expect(Number(read(".nvmrc"))).toBeGreaterThanOrEqual(Number(least));
  });

  test("the license of package.json is the one of LICENSE", () => {
    expect(read("LICENSE")).toContain(`SPDX-License-Identifier: ${manifest.license}\n`);
  });

  test.each(workflows)("%s pins every action by its commit, with the version beside it", (path) => {
    const uses = [...read(path).matchAll(/^\s*-?\s*uses:\s*(.+)$/gm)].map(([, action = ""]) => action);
    const moving = uses.filter(
      (action) => !action.startsWith("./") && !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action),
    );
    expect(moving).toEqual([]);
  });

  test("the workflow that deploys waits for the one that runs .ci/run", () => {
    expect(read(".github/workflows/ci.yml")).toMatch(/^\s*- run: \.ci\/run$/m);
    expect(read(".github/workflows/deploy.yml")).toMatch(/uses: \.\/\.github\/workflows\/ci\.yml[\s\S]*needs: ci\n/);
  });

  test("a pull request is compared with its base, although its event names the head of its last push", () => {
    const tenants = read(".github/workflows/tenants.yml");
    expect(tenants).toContain("git -c core.quotePath=false diff --name-only --no-renames HEAD^1 HEAD)");
    expect(tenants).not.toContain("github.event.before");
  });
});
