import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { copyProject } from "../../support/operations/project.ts";
import { SECRET, standInPulumi, type StandInPulumi } from "../../support/operations/standInPulumi.ts";
import { startGitHub, type GitHub } from "../../support/operations/github.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs `npm run workflow -- …` with this input, in an environment with these variables. */
async function workflow(
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { input = "", cwd = root } = {},
) {
  const child = spawn(process.execPath, ["--import", "tsx", "operations/cli/workflow.ts", ...options], {
    ...{ cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] },
  });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

describe("npm run workflow -- night", () => {
  let folder: string;
  let github: GitHub;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "night-"));
    github = await startGitHub();
  });
  afterEach(async () => {
    await github.stop();
    await rm(folder, { recursive: true });
  });
  const night = (stacks: string) =>
    workflow(["night", "--reports", folder], {
      ...{ GITHUB_TOKEN: "t0ken-of-the-job", GITHUB_REPOSITORY: "acme/tenants", GITHUB_API_URL: github.api },
      ...{ STACKS: stacks, COMMIT: "0123456789abcdef", JOB_LOG: "https://github.com/acme/tenants/actions/runs/1" },
      GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    });
  const leave = (stack: string, state: string, findings: object[] = []) =>
    writeFile(join(folder, `${stack}.json`), JSON.stringify({ stack, state, findings }));

  test("fails, and names the stack with its cause in the summary and in one issue; then closes the issue", async () => {
    await leave("acme", "pending");
    await leave("globex", "wrong", [{ title: "It differs from the program: ~1 update.", detail: "~ stage" }]);
    const first = await night('["acme","globex"]');
    expect(first.code).toBe(1);
    expect(first.err).toContain("issue of the night: opened");
    expect(await readFile(join(folder, "summary.md"), "utf8")).toContain("| `globex` | It differs from the program");
    expect(github.issues.map(({ title }) => title)).toEqual(["Drift: 1 of 2 stacks are not as declared"]);
    await leave("globex", "declared");
    expect((await night('["acme","globex"]')).code).toBe(0);
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
  });

  test("tells in the summary alone where the repository has no issues", async () => {
    github.disturbances.push({ status: 410, message: "Issues has been disabled in this repository." });
    const { code, err } = await night('["acme"]');
    expect(code).toBe(1);
    expect(err).toContain("the repository has no issues");
  });

  test("changes nothing where the stacks could not be listed", async () => {
    const { code } = await night("");
    expect(code).not.toBe(0);
    expect(github.requests).toEqual([]);
  });
});

/** Bytes that a preview writes, and the most that the command may hold, in megabytes. */
const [WRITES, HEAP] = [140_000_000, 128];

describe("npm run workflow -- preview, of a stack whose preview writes more than the command may hold", () => {
  let folder: string;
  let github: GitHub;
  let pulumi: StandInPulumi;
  beforeAll(async () => {
    folder = await copyProject();
    pulumi = await standInPulumi(folder);
    github = await startGitHub();
  });
  afterAll(async () => {
    await github.stop();
    await rm(folder, { recursive: true });
  });
  const preview = (...args: string[]) =>
    workflow(
      args,
      {
        ...{ GITHUB_TOKEN: "t0ken-of-the-job", GITHUB_REPOSITORY: "acme/tenants", GITHUB_API_URL: github.api },
        ...{ PULL_REQUEST: "7", COMMIT: "0123456789abcdef", PULUMI_BIN: pulumi.folder },
        NODE_OPTIONS: `--max-old-space-size=${HEAP}`,
      },
      { cwd: folder },
    );
  const line = "x".repeat(999);
  // The second line has the secret where a long line is cut.
  const long = `printf ' + first\n%01995d${SECRET}\n' 0`;

  test("comments its first lines without a secret, and says how many are left out", async () => {
    await pulumi.behave("acme", `${long}; yes ${line} | head -c ${WRITES}`);
    const { code, out, err } = await preview("preview", "--stack", "acme");
    expect(code, err).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(5_001);
    expect(lines.slice(0, 3)).toEqual(["+ first", `${"0".repeat(1995)}${"[secret]".slice(0, 5)}…`, line]);
    expect(lines.at(-1)).toBe(`… ${WRITES / 1_000 - 4_998} more lines are left out`);
    const [comment] = github.comments;
    expect(comment?.body).toContain("### Preview: `acme`\n\n+16 create.");
    expect(comment?.body).toContain("is cut here");
  });

  test("tells its first errors and how many there are, when it fails", async () => {
    const error = (text: string): string => `{"diagnosticEvent":{"severity":"error","message":"${text}"}}`;
    await pulumi.behave(
      "acme",
      `${long}; { echo '${error(`refused ${SECRET}`)}'; yes '${error("refused")}' | head -n 1000; } >> "$log"; exit 255`,
    );
    const { code, out, err } = await preview("drift", "--stack", "acme");
    expect(code, err).toBe(1);
    const lines = ["acme: wrong", "", "The preview failed.", "", "refused [secret]"];
    expect(out).toBe([...lines, ...Array<string>(39).fill("refused"), "and 961 more", ""].join("\n"));
  });
});
