import { appendFile } from "node:fs/promises";
import process from "node:process";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError, print, required, runCommand, say, wholeNumber } from "../live/commandLine.ts";

const usage = `usage: npm run workflow -- stacks [--all]
       npm run workflow -- preview --stack NAME
       npm run workflow -- drift --stack NAME
The steps of the workflows in .github/workflows that decide something.
  stacks        reads paths of changed files from stdin, prints the stacks that they concern as JSON
  preview       previews a stack and writes the result into its comment on the pull request
  drift         compares a stack with the program and verifies it, and appends what it found to the run's summary
  --all         every stack, whatever changed
  --stack NAME  the tenant
preview reads GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, PULL_REQUEST (its number), COMMIT and JOB_LOG.
Exit code: 0 done, 1 the preview failed or the stack is not as declared, 2 wrong usage.`;

const options = {
  all: { type: "boolean", default: false },
  stack: { type: "string" },
} as const;

const BACK_OFF_MS = 60_000;

async function stacks(all: boolean): Promise<number> {
  const [{ findStacks }, { ROOT, stackNames }, { selectStacks }] = await Promise.all([
    import("../fleet/stacks.ts"),
    import("../live/stackFile.ts"),
    import("../pullRequest/selection.ts"),
  ]);
  const known = await findStacks(ROOT);
  const {
    stacks: selected,
    reason,
    removed,
  } = all
    ? { stacks: known, reason: "every stack", removed: [] }
    : selectStacks((await text(process.stdin)).split("\n"), known);
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

async function preview(stack: string): Promise<number> {
  const of = (name: string): string => required(process.env[name], `the environment variable ${name}`);
  const access = {
    api: process.env["GITHUB_API_URL"] ?? "https://api.github.com",
    repository: of("GITHUB_REPOSITORY"),
    token: of("GITHUB_TOKEN"),
    sleep,
    now: Date.now,
  };
  const pullRequest = wholeNumber(of("PULL_REQUEST"), "PULL_REQUEST", 1);
  const commit = of("COMMIT");
  // Pulumi and the program that it runs are the pull request's own code: they do not get the token.
  delete process.env["GITHUB_TOKEN"];
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

async function drift(stack: string): Promise<number> {
  const [{ readTenantState }, { judgeNight }, { mask }] = await Promise.all([
    import("../pullRequest/night.ts"),
    import("../pullRequest/drift.ts"),
    import("../pullRequest/mask.ts"),
  ]);
  const result = await previewed(stack, true);
  const state = result.changes === undefined ? { pending: false, wrong: undefined } : await readTenantState(stack);
  const { ok, markdown } = judgeNight({ stack, ...result, ...state });
  const summary = mask(markdown, result.secrets);
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") await appendFile(file, summary);
  print(summary);
  return ok ? 0 : 1;
}

await runCommand({ usage, options, positionals: true }, async ({ values, positionals }) => {
  const [step] = positionals;
  if (positionals.length !== 1) throw new UsageError("name one of stacks, preview and drift");
  if (step === "stacks") return stacks(values.all);
  if (step === "preview") return preview(required(values.stack, "--stack"));
  if (step === "drift") return drift(required(values.stack, "--stack"));
  throw new UsageError("name one of stacks, preview and drift");
});
