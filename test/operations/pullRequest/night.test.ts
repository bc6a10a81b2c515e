import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LIMIT } from "../../../operations/pullRequest/comment.ts";
import { judgeNight, type Night, type Verdict } from "../../../operations/pullRequest/drift.ts";
import { GitHubError, type Access } from "../../../operations/pullRequest/github.ts";
import { MARK, tellNight } from "../../../operations/pullRequest/nightIssue.ts";
import { readReports, reportNight, stacksOf } from "../../../operations/pullRequest/nightReport.ts";
import { startGitHub, type GitHub } from "../../support/operations/github.ts";

describe("the verdict on a stack", () => {
  const night: Night = { stack: "acme", pending: false, changes: { same: 20 }, wrong: undefined, text: "nothing" };

  test("passes a stack as declared, a pending one, and one that is not deployed yet", () => {
    expect(judgeNight(night)).toEqual({ stack: "acme", state: "declared", findings: [] });
    expect(judgeNight({ ...night, pending: true })).toEqual({ stack: "acme", state: "pending", findings: [] });
    const fresh = { ...night, pending: true, changes: { create: 18, same: 0 } };
    expect(judgeNight(fresh)).toEqual({ stack: "acme", state: "new", findings: [] });
    // Verify cannot read the outputs of a stack that has none.
    expect(judgeNight({ ...fresh, pending: false, wrong: "no outputs" }).state).toBe("new");
  });

  test.each<readonly [string, Partial<Night>, Verdict["findings"]]>([
    [
      "what drifted, also while the connection is pending",
      { pending: true, changes: { same: 19, update: 1 }, text: " ~ stage" },
      [{ title: "It differs from the program: ~1 update.", detail: " ~ stage" }],
    ],
    [
      "a resource that somebody deleted",
      { changes: { same: 19, create: 1 }, text: " + table" },
      [{ title: "It differs from the program: +1 create.", detail: " + table" }],
    ],
    [
      "what verify found",
      { wrong: "✗ the token is refused" },
      [{ title: "verify found something wrong.", detail: "✗ the token is refused" }],
    ],
    [
      "why a preview failed",
      { changes: undefined, text: "no stack" },
      [{ title: "The preview failed.", detail: "no stack" }],
    ],
    [
      "both",
      { changes: { replace: 1 }, text: " ± app", wrong: "✗ off" },
      [
        { title: "It differs from the program: ±1 replace.", detail: " ± app" },
        { title: "verify found something wrong.", detail: "✗ off" },
      ],
    ],
  ])("names %s", (_, found, findings) => {
    expect(judgeNight({ ...night, ...found })).toEqual({ stack: "acme", state: "wrong", findings });
  });
});

const RUN = { run: "https://github.com/acme/tenants/actions/runs/1", commit: "0123456789abcdef" };
const right = (stack: string): Verdict => ({ stack, state: "declared", findings: [] });
const wrong = (stack: string, title = "The preview failed.", detail = "no stack"): Verdict => ({
  ...{ stack, state: "wrong", findings: [{ title, detail }] },
});

describe("the report of a night", () => {
  test("names each stack that is not as declared with its cause, and where the others stand", () => {
    const report = reportNight(
      ["globex", "acme", "new", "waits", "lost"],
      [right("acme"), wrong("globex"), { ...right("new"), state: "new" }, { ...right("waits"), state: "pending" }],
      RUN,
    );
    expect(report.title).toBe("Drift: 2 of 5 stacks are not as declared");
    expect(report.wrong).toEqual(["globex", "lost"]);
    expect(report.text).toBe(
      [
        "2 of 5 stacks are not as declared. Commit 0123456789ab, [run](https://github.com/acme/tenants/actions/runs/1).",
        "| stack | finding |\n| --- | --- |\n| `globex` | The preview failed. |\n| `lost` | Its job ended without a result. |",
        "Waits for its console step (`connection: pending`): `waits`.",
        "Waits for its first `pulumi up`: `new`.",
        "As declared: `acme`.",
        "### `globex`",
        "The preview failed.",
        "```text\nno stack\n```",
        "### `lost`",
        "Its job ended without a result.",
        "```text\nThe job was cancelled, ran into its time limit, or failed before the comparison: see its log.\n```",
      ].join("\n\n"),
    );
  });

  test("of a night in which everything is right", () => {
    const report = reportNight(["acme"], [right("acme")], RUN);
    expect(report.wrong).toEqual([]);
    expect(report.text).toMatch(/^All stacks are as declared\./);
  });

  test("of 256 stacks with long texts still fits into an issue, with all of them named", () => {
    const stacks = Array.from({ length: 256 }, (_, index) => `tenant-${index}-of-a-customer-with-a-long-name`);
    const { text } = reportNight(
      stacks,
      stacks.map((stack) => wrong(stack, "It differs from the program: ~1 update.", "`😀".repeat(2_000))),
      RUN,
    );
    expect(text.length + JSON.stringify(stacks).length + 100).toBeLessThan(LIMIT);
    for (const stack of stacks) expect(text).toContain(`| \`${stack}\` |`);
    expect(text).toMatch(/The texts of \d+ more findings are in the logs/);
  });

  test("of one stack keeps most of a long text", () => {
    const { text } = reportNight(["acme"], [wrong("acme", "It differs.", "a line\n".repeat(20_000))], RUN);
    expect(text.length).toBeGreaterThan(LIMIT * 0.75);
    expect(text).toContain("The text is cut here");
  });

  test("is read from the files that the jobs left, whatever else lies there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reports-"));
    try {
      await mkdir(join(folder, "drift-globex"));
      await writeFile(join(folder, "acme.json"), JSON.stringify(right("acme")));
      await writeFile(join(folder, "drift-globex", "globex.json"), JSON.stringify(wrong("globex")));
      await writeFile(join(folder, "half.json"), '{"stack":"half","sta');
      await writeFile(join(folder, "other.json"), '{"stack":"other","state":"fine","findings":[]}');
      expect((await readReports(folder)).sort((a, b) => a.stack.localeCompare(b.stack))).toEqual([
        right("acme"),
        wrong("globex"),
      ]);
      expect(await readReports(join(folder, "none"))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each(["", "null", '["acme"', '{"acme":1}'])("is not made for stacks that are not known: %j", (json) => {
    expect(() => stacksOf(json)).toThrow(/STACKS is not a list of names/);
    expect(stacksOf('["acme","globex"]')).toEqual(["acme", "globex"]);
  });
});

describe("the issue of a night", () => {
  let github: GitHub;
  let access: Access;
  beforeEach(async () => {
    github = await startGitHub();
    access = {
      ...{ api: github.api, repository: "acme/tenants", token: "t0ken-of-the-job", permission: "issues: write" },
      sleep: async () => undefined,
      now: Date.now,
    };
  });
  afterEach(() => github.stop());
  const stacks = ["acme", "acme-prod", "globex"];
  const tell = (...failing: string[]) =>
    tellNight(
      access,
      reportNight(
        stacks,
        stacks.map((stack) => (failing.includes(stack) ? wrong(stack) : right(stack))),
        RUN,
      ),
    );
  const open = () => github.issues.filter(({ state }) => state === "open");

  test("is opened once, edited while stacks drift, and closed when none does", async () => {
    expect(await tell()).toBe("none");
    expect(github.issues).toEqual([]);
    expect(await tell("acme")).toBe("opened");
    expect(await tell("acme")).toBe("edited");
    expect(github.issues.map(({ title, state }) => ({ title, state }))).toEqual([
      { title: "Drift: 1 of 3 stacks are not as declared", state: "open" },
    ]);
    expect(github.issues[0]?.body).toContain("### `acme`");
    expect(await tell()).toBe("closed");
    expect(github.issues[0]).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(await tell("globex")).toBe("opened");
    expect(open()).toHaveLength(1);
  });

  test("gets a comment when another stack joins, and only then", async () => {
    await tell("acme-prod");
    await tell("acme-prod", "acme");
    await tell("acme-prod", "acme");
    await tell("acme");
    await tell("acme", "globex", "acme-prod");
    expect(github.issueComments.map(({ body }) => body)).toEqual([
      "No longer as declared since this night: `acme`.",
      "No longer as declared since this night: `acme-prod`, `globex`.",
    ]);
  });

  test("is found among other issues, whatever they quote, and on the last page", async () => {
    const foreign = [
      github.addIssue(`${MARK}\nmine`, "reviewer"),
      github.addIssue(`> ${MARK}`, "github-actions[bot]"),
      github.addIssue(`${MARK} and more`, "github-actions[bot]"),
      github.addIssue(`${MARK}\na pull request`, "github-actions[bot]", { pull_request: { url: "pulls/4" } }),
      github.addIssue(`${MARK}\nold`, "github-actions[bot]", { state: "closed" }),
      github.addIssue("", null),
    ];
    const before = foreign.map((issue) => ({ ...issue }));
    await tell("acme");
    for (let index = 0; index < 250; index += 1) github.addIssue(`issue ${index}`, "reviewer");
    expect(await tell("acme", "globex")).toBe("edited");
    expect(foreign).toEqual(before);
    expect(github.issues.filter(({ title }) => title.startsWith("Drift"))).toHaveLength(1);
  });

  test("is the oldest of those that two runs at once opened; the others are closed", async () => {
    for (const number of [1, 2, 3]) github.addIssue(`${MARK}\n${number}`, "github-actions[bot]");
    await tell("acme");
    expect(github.issues.map(({ state, state_reason }) => [state, state_reason])).toEqual([
      ["open", null],
      ["closed", "not_planned"],
      ["closed", "not_planned"],
    ]);
  });

  test("is refused with the permission that lacks, and with the status where the repository has no issues", async () => {
    github.disturbances.push({ status: 403, message: "Resource not accessible by integration" });
    await expect(tell("acme")).rejects.toThrow(/the job needs the permission issues: write/);
    github.disturbances.push({ status: 410, message: "Issues has been disabled in this repository." });
    const refused: unknown = await tell("acme").catch((error: unknown) => error);
    expect(refused instanceof GitHubError && refused.status).toBe(410);
  });
});
