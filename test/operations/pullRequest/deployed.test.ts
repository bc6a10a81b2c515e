import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { changedSinceDeployed, workflowOf, type Since } from "../../../operations/pullRequest/deployed.ts";
import { selectStacks } from "../../../operations/pullRequest/selection.ts";
import { startGitHub, type GitHub } from "../../support/operations/github.ts";

let github: GitHub;
let folder: string;
beforeEach(async () => {
  github = await startGitHub();
  folder = await mkdtemp(join(tmpdir(), "deployed-"));
  git("init", "--quiet", "--initial-branch=main");
});
afterEach(async () => {
  await github.stop();
  await rm(folder, { recursive: true });
});

const author = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
const git = (...options: string[]): string =>
  execFileSync("git", [...author, ...options], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
async function merge(file: string): Promise<string> {
  await writeFile(join(folder, file), `${Math.random()}`);
  git("add", ".");
  git("commit", "--quiet", "--message", file);
  return git("rev-parse", "HEAD");
}
const ended = (commit: string, conclusion: string, branch = "main") =>
  github.runs.push({ head_sha: commit, conclusion, head_branch: branch });
const since = (commit: string): Promise<Since> =>
  changedSinceDeployed(
    {
      ...{ api: github.api, repository: "acme/tenants", token: "t0ken-of-the-job", permission: "actions: read" },
      ...{ sleep: () => Promise.resolve(), now: () => 0 },
    },
    { folder, commit, branch: "main", workflow: "deploy.yml" },
  );
const selected = async (commit: string) => {
  const result = await since(commit);
  return "changed" in result ? selectStacks(result.changed, ["acme", "globex", "umbrella"]).stacks : result;
};

test.each(["cancelled", "failure"])(
  "the stacks of a merge whose run ended as %s are deployed by the next",
  async (end) => {
    ended(await merge("Pulumi.umbrella.yaml"), "success");
    ended(await merge("Pulumi.acme.yaml"), end);
    const last = await merge("Pulumi.globex.yaml");
    expect(await selected(last)).toEqual(["acme", "globex"]);
    ended(last, "success");
    expect(await selected(await merge("README.md"))).toEqual([]);
  },
);

test("a run of another branch deployed nothing of this one", async () => {
  ended(await merge("Pulumi.umbrella.yaml"), "success");
  ended(await merge("Pulumi.acme.yaml"), "success", "trial");
  expect(await selected(await merge("Pulumi.globex.yaml"))).toEqual(["acme", "globex"]);
});

test("a path that is not English is told as it is", async () => {
  ended(await merge("Pulumi.acme.yaml"), "success");
  const result = await since(await merge("café.md"));
  expect("changed" in result && result.changed).toContain("café.md");
});

test("an older commit is not deployed over a later one", async () => {
  const older = await merge("Pulumi.acme.yaml");
  const later = await merge("Pulumi.globex.yaml");
  ended(later, "success");
  expect(await since(older)).toEqual({ newer: later });
});

test("every stack is deployed if nobody knows what is deployed", async () => {
  const commit = await merge("Pulumi.acme.yaml");
  expect(await since(commit)).toEqual({ unknown: "no run of deploy.yml on main has succeeded yet" });
  ended("0".repeat(40), "success");
  expect(await since(commit)).toHaveProperty("unknown", expect.stringContaining("is not in the history of main"));
  github.disturbances.push({ status: 403, message: "Resource not accessible by integration" });
  expect(await since(commit)).toHaveProperty("unknown", expect.stringContaining("actions: read"));
});

test("the workflow and its branch are read from GitHub's reference", () => {
  const reference = "acme/tenants/.github/workflows/deploy.yml@refs/heads/release/1";
  expect(workflowOf(reference)).toEqual({ workflow: "deploy.yml", branch: "release/1" });
  expect(workflowOf("acme/tenants/.github/workflows/deploy.yml@refs/tags/v1")).toBeUndefined();
});

interface Workflow {
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, { readonly concurrency?: { readonly group: string } }>>;
}
const read = async (name: string): Promise<Workflow> =>
  parse(await readFile(new URL(`../../../.github/workflows/${name}`, import.meta.url), "utf8")) as Workflow;

test("merges share no group of CI, and are deployed in their order", async () => {
  const ci = await read("ci.yml");
  expect(ci.jobs["run"]?.concurrency?.group).toContain(
    "${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
  );
  expect((await read("deploy.yml")).concurrency).toEqual({ group: "deploy", "cancel-in-progress": false });
  expect(JSON.stringify(await read("tenants.yml"))).not.toContain("github.event.before");
});
