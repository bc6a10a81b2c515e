import { appendFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Access } from "../pullRequest/github.ts";
import type { Selection } from "../pullRequest/selection.ts";
import { UsageError, print, required, runCommand, say, wholeNumber } from "../live/commandLine.ts";

const usage = `usage: npm run workflow -- stacks [--all | --deploy]
       npm run workflow -- preview --stack NAME
       npm run workflow -- release
       npm run workflow -- drift --stack NAME [--report FILE]
       npm run workflow -- night --reports FOLDER
The steps of the workflows in .github/workflows that decide something.
  stacks        reads paths of changed files from stdin, prints the stacks that they concern as JSON
  preview       previews a stack and writes the result into its comment on the pull request
  release       reads paths as stacks does; comments of other stacks say that the pull request no longer concerns them
  drift         compares a stack with the program and verifies it
  night         tells what all reports of drift say, in the run's summary and in one issue
  --all         every stack, whatever changed
  --deploy      stacks that differ from the last commit that was deployed; stdin is not read
  --stack NAME  the tenant
  --report FILE     where drift writes what it found, as JSON
  --reports FOLDER  a folder of such files
stacks --deploy reads GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_WORKFLOW_REF and GITHUB_SHA.
preview and release read GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, PULL_REQUEST (its number) and COMMIT; preview JOB_LOG too.
night reads GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, STACKS (their names as JSON), COMMIT and JOB_LOG.
Exit code: 0 done, 1 the preview failed or a stack is not as declared, 2 wrong usage.`;

const options = {
  all: { type: "boolean", default: false },
  deploy: { type: "boolean", default: false },
  stack: { type: "string" },
  report: { type: "string" },
  reports: { type: "string" },
} as const;

const BACK_OFF_MS = 60_000;

/** Paths that differ from what is deployed, or why every stack or none is selected. */
async function sinceDeployed(root: string) {
  const access = takeAccess("actions: read");
  const { changedSinceDeployed, workflowOf } = await import("../pullRequest/deployed.ts");
  const place = workflowOf(variable("GITHUB_WORKFLOW_REF"));
  if (place === undefined) throw new UsageError("GITHUB_WORKFLOW_REF names no workflow of a branch");
  return changedSinceDeployed(access, { folder: root, commit: variable("GITHUB_SHA"), ...place });
}

async function stacks({ all, deploy }: { all: boolean; deploy: boolean }): Promise<number> {
  if (all && deploy) throw new UsageError("give --all or --deploy, not both");
  const [{ findStacks }, { ROOT, stackNames }, { selectStacks }] = await Promise.all([
    import("../fleet/stacks.ts"),
    import("../live/stackFile.ts"),
    import("../pullRequest/selection.ts"),
  ]);
  const known = await findStacks(ROOT);
  const since = deploy ? await sinceDeployed(ROOT) : undefined;
  const select = async (): Promise<Selection> => {
    if (all) return { stacks: known, reason: "every stack", removed: [] };
    if (since === undefined) return selectStacks((await text(process.stdin)).split("\n"), known);
    if ("changed" in since) return selectStacks(since.changed, known);
    if ("newer" in since)
      return { stacks: [], reason: `the later commit ${since.newer} is deployed already`, removed: [] };
    return { stacks: known, reason: `every stack, because ${since.unknown}`, removed: [] };
  };
  const { stacks: selected, reason, removed } = await select();
  say(`${selected.length} of ${known.length} stacks: ${reason}`);
  const files = await stackNames(ROOT); // examples too
  for (const stack of removed.filter((name) => !files.includes(name))) {
    say(`Pulumi.${stack}.yaml is gone; its resources stay until "pulumi destroy --stack ${stack}"`);
  }
  print(JSON.stringify(selected));
  return 0;
}

/** Previews, and waits out Okta's rate limits as fleet does. */
async function previewed(stack: string, drift: boolean) {
  const [{ forEachTenant }, { previewStack }] = await Promise.all([
    import("../fleet/schedule.ts"),
    import("../pullRequest/preview.ts"),
  ]);
  let result: Awaited<ReturnType<typeof previewStack>> | undefined;
  const work = async () => {
    result = await previewStack(stack, { drift });
    return { ok: result.changes !== undefined, detail: result.text };
  };
  await forEachTenant([stack], work, { parallel: 1, backOffMs: BACK_OFF_MS, sleep });
  return result ?? { text: "not begun", changes: undefined, nextSteps: [], secrets: [] };
}

const variable = (name: string): string => required(process.env[name], `the environment variable ${name}`);

/** Access to the repository; the token leaves the environment, because what a step starts does not need it. */
function takeAccess(permission: string): Access {
  const [token, repository] = [variable("GITHUB_TOKEN"), variable("GITHUB_REPOSITORY")];
  delete process.env["GITHUB_TOKEN"];
  const api = process.env["GITHUB_API_URL"] ?? "https://api.github.com";
  return { api, repository, token, permission, sleep, now: Date.now };
}

async function preview(stack: string): Promise<number> {
  // Pulumi and the program that it runs are the pull request's own code: they do not get the token.
  const access = takeAccess("pull-requests: write");
  const pullRequest = wholeNumber(variable("PULL_REQUEST"), "PULL_REQUEST", 1);
  const commit = variable("COMMIT");
  const [{ renderComment }, { publish }, { mask }] = await Promise.all([
    import("../pullRequest/comment.ts"),
    import("../pullRequest/publish.ts"),
    import("../pullRequest/mask.ts"),
  ]);
  const result = await previewed(stack, false);
  print(mask(result.text, result.secrets));
  const body = renderComment({ stack, commit, log: process.env["JOB_LOG"], ...result });
  say(`comment of ${stack}: ${await publish(access, { pullRequest, stack, body })}`);
  return result.changes === undefined ? 1 : 0;
}

async function release(): Promise<number> {
  const access = takeAccess("pull-requests: write");
  const pullRequest = wholeNumber(variable("PULL_REQUEST"), "PULL_REQUEST", 1);
  const commit = variable("COMMIT");
  const [{ findStacks }, { ROOT }, { selectStacks }, { releaseOthers }] = await Promise.all([
    import("../fleet/stacks.ts"),
    import("../live/stackFile.ts"),
    import("../pullRequest/selection.ts"),
    import("../pullRequest/publish.ts"),
  ]);
  const { stacks: concerned } = selectStacks((await text(process.stdin)).split("\n"), await findStacks(ROOT));
  const released = await releaseOthers(access, { pullRequest, stacks: concerned, commit });
  say(`no longer concerned: ${released.length === 0 ? "none" : released.join(", ")}`);
  return 0;
}

async function drift(stack: string, report: string | undefined): Promise<number> {
  const [{ readTenantState }, { judgeNight }, { mask }] = await Promise.all([
    import("../pullRequest/night.ts"),
    import("../pullRequest/drift.ts"),
    import("../pullRequest/mask.ts"),
  ]);
  const result = await previewed(stack, true);
  const state = result.changes === undefined ? { pending: false, wrong: undefined } : await readTenantState(stack);
  const { findings, ...verdict } = judgeNight({ stack, ...result, ...state });
  const masked = findings.map(({ title, detail }) => ({ title, detail: mask(detail, result.secrets) }));
  if (report !== undefined) await writeFile(report, JSON.stringify({ ...verdict, findings: masked }));
  print(`${stack}: ${verdict.state}`);
  for (const { title, detail } of masked) print(`\n${title}\n\n${detail}`);
  return verdict.state === "wrong" ? 1 : 0;
}

async function night(folder: string): Promise<number> {
  const access = takeAccess("issues: write");
  const [{ readReports, reportNight, stacksOf }, { tellNight }, { GitHubError }] = await Promise.all([
    import("../pullRequest/nightReport.ts"),
    import("../pullRequest/nightIssue.ts"),
    import("../pullRequest/github.ts"),
  ]);
  const report = reportNight(stacksOf(variable("STACKS")), await readReports(folder), {
    ...{ run: variable("JOB_LOG"), commit: variable("COMMIT") },
  });
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary !== undefined && summary !== "") await appendFile(summary, `${report.text}\n`);
  print(report.text);
  try {
    say(`issue of the night: ${await tellNight(access, report)}`);
  } catch (error) {
    if (!(error instanceof GitHubError && error.status === 410)) throw error;
    say("the repository has no issues, so only the summary of the run tells what drifted");
  }
  return report.wrong.length === 0 ? 0 : 1;
}

await runCommand({ usage, options, positionals: true }, async ({ values, positionals }) => {
  const [step] = positionals;
  if (positionals.length !== 1) throw new UsageError("name one of stacks, preview, release, drift and night");
  if (step === "stacks") return stacks(values);
  if (step === "preview") return preview(required(values.stack, "--stack"));
  if (step === "release") return release();
  if (step === "drift") return drift(required(values.stack, "--stack"), values.report);
  if (step === "night") return night(required(values.reports, "--reports"));
  throw new UsageError("name one of stacks, preview, release, drift and night");
});
