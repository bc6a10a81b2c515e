import { spawn, type ChildProcess } from "node:child_process";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { MOST_MESSAGES, MOST_OF_MESSAGE } from "../../../operations/fleet/messages.ts";
import { copyProject } from "../../support/operations/project.ts";
import { standInPulumi, type StandInPulumi } from "../../support/operations/standInPulumi.ts";

const report = z.strictObject({
  command: z.string(),
  ok: z.boolean(),
  stacks: z.array(
    z.strictObject({
      ...{ name: z.string(), ok: z.boolean(), detail: z.string() },
      ...{ attempts: z.number(), seconds: z.number() },
    }),
  ),
});
const names = Array.from({ length: 100 }, (_, index) => `t${String(index + 1).padStart(3, "0")}`);
const called = (command: string, stacks: readonly string[]): string[] => stacks.map((name) => `${command} ${name}`);

/** Megabytes that one stack writes, and the most that the command may hold: less than a stack writes. */
const [WRITES, HEAP] = [400, 128];

/** Shell scripts of the stand-in. */
const awkward = {
  /** Writes a lot everywhere, and succeeds. */
  loud: [
    `head -c ${WRITES}000000 /dev/zero | tr '\\0' x`,
    `head -c ${WRITES}000000 /dev/zero | tr '\\0' x >&2`,
    `{ printf '{"diagnosticEvent":{"severity":"info","message":"'; head -c ${WRITES}000000 /dev/zero | tr '\\0' x; echo '"}}'; } >> "$log"`,
  ].join("\n"),
  /** Fails with a thousand long messages, of which a late one names Okta's rate limit where there is one. */
  failing: (late: string) =>
    `{ for i in $(seq 1000); do printf '{"diagnosticEvent":{"severity":"error","message":"refused %s ' "$i"; head -c 5000 /dev/zero | tr '\\0' x; echo '"}}'; done; echo '{"diagnosticEvent":{"severity":"error","message":"${late}"}}'; } >> "$log"; exit 1`,
  killed: "kill -9 $$",
  /** Waits until every other stack was called. */
  slow: `while [ $(grep -c '^up' "$calls") -lt ${names.length} ]; do sleep 0.1; done`,
  /** Runs until it is told to stop; notes each signal. */
  endless: `trap 'echo "INT" >> "$calls"; echo "error: update canceled" >&2; exit 255' INT; while true; do sleep 0.1; done`,
};

interface Fleet {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

describe("a fleet of a hundred tenants, with a stand-in for the Pulumi CLI", () => {
  let folder = "";
  let pulumi: StandInPulumi;

  function start(...args: string[]): Fleet {
    const child = spawn(process.execPath, ["--import", "tsx", "operations/cli/fleet.ts", ...args], {
      cwd: folder,
      env: { ...process.env, PULUMI_BIN: pulumi.folder, NODE_OPTIONS: `--max-old-space-size=${HEAP}` },
      detached: true,
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr }));
    });
    return { child, stderr: () => stderr, ended };
  }
  const fleet = (...args: string[]): Fleet["ended"] => start(...args).ended;

  /** The names of the stacks whose last `up` ended as given. */
  async function remembered(state: string): Promise<string[]> {
    const file = z.object({ stacks: z.record(z.string(), z.string()) });
    const { stacks } = file.parse(JSON.parse(await readFile(join(folder, ".fleet/up.json"), "utf8")));
    return Object.keys(stacks).filter((name) => stacks[name] === state);
  }

  beforeAll(async () => {
    folder = await copyProject();
    await rm(join(folder, "Pulumi.dev.yaml"));
    for (const name of names) await writeFile(join(folder, `Pulumi.${name}.yaml`), "config: {}\n");
    pulumi = await standInPulumi(folder);
  });
  beforeEach(() => pulumi.forgetCalls());
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("one that fails, one that is killed, a slow one and one that writes more than the command may hold", async () => {
    await pulumi.behave("t001", awkward.slow);
    await pulumi.behave("t013", awkward.failing("refused at last"));
    await pulumi.behave("t020", awkward.loud);
    await pulumi.behave("t050", awkward.killed);
    const { code, stdout, stderr } = await fleet("up", "--json");
    expect(code, stderr).toBe(1);
    const { command, ok, stacks } = report.parse(JSON.parse(stdout));
    expect([command, ok, stacks.map(({ name }) => name)]).toEqual(["up", false, names]);
    expect(stacks.filter((stack) => !stack.ok).map(({ name }) => name)).toEqual(["t013", "t050"]);
    expect(stacks.find(({ name }) => name === "t020")).toMatchObject({ ok: true, detail: "+16" });
    expect(stacks.find(({ name }) => name === "t050")?.detail).toBe("SIGKILL ended pulumi");
    const detail = stacks.find(({ name }) => name === "t013")?.detail.split("\n") ?? [];
    expect(detail[0]).toMatch(/^refused 1 x+…$/);
    expect(detail).toHaveLength(MOST_MESSAGES + 1);
    expect(detail.at(-1)).toBe(`and ${1001 - MOST_MESSAGES} more`);
    expect(Math.max(...detail.map((line) => line.length))).toBe(MOST_OF_MESSAGE + 1);
    // A line as each ends; the slow one held up nobody.
    expect(stderr.match(/^\[ *\d+\/100\] . t\d+ /gm)).toHaveLength(100);
    expect(Number(/\[ *(\d+)\/100\] ✓ t001 /.exec(stderr)?.[1])).toBeGreaterThan(96);
    expect(await remembered("failed")).toEqual(["t013", "t050"]);
    expect(await remembered("succeeded")).toHaveLength(98);
  });

  test("--only-failed repeats the two, then the one that still fails, then nothing", async () => {
    await pulumi.behave("t050", awkward.killed);
    const { code, stdout, stderr } = await fleet("up", "--only-failed");
    expect(code).toBe(1);
    expect((await pulumi.calls()).sort()).toEqual(called("up", ["t013", "t050"]));
    expect(stderr).toContain("98 of 100 stacks succeeded at their last up");
    expect(stdout.trim().split("\n")).toEqual([
      expect.stringMatching(/^ ?✓ t013 .* \+16$/),
      expect.stringMatching(/^ {2}✗ t050 .* SIGKILL ended pulumi$/),
      "",
      "1 of 2 succeeded; failed: t050",
    ]);
    await pulumi.forgetCalls();
    expect((await fleet("up", "--only-failed")).code).toBe(0);
    expect(await pulumi.calls()).toEqual(called("up", ["t050"]));
    await pulumi.forgetCalls();
    const nothing = await fleet("up", "--only-failed");
    expect([nothing.code, nothing.stdout.trim()]).toEqual([0, "nothing to do: the last up of each of them succeeded"]);
    expect(JSON.parse((await fleet("up", "--only-failed", "--json")).stdout)).toEqual({
      ...{ command: "up", ok: true, stacks: [] },
    });
    expect(await pulumi.calls()).toEqual([]);
  });

  test("each command has its own results, and a stack that never ran counts as not done", async () => {
    expect((await fleet("preview", "--only-failed", "--only", "t00*")).code).toBe(0);
    expect((await pulumi.calls()).sort()).toEqual(called("preview", names.slice(0, 9)));
    await pulumi.forgetCalls();
    expect((await fleet("preview", "--only-failed", "--only", "t01*")).code).toBe(0);
    expect((await pulumi.calls()).sort()).toEqual(called("preview", names.slice(9, 19)));
    await pulumi.forgetCalls();
    expect((await fleet("preview", "--only-failed", "--only", "t0*")).stderr).toContain("19 of 99 stacks succeeded");
    expect(await pulumi.calls()).toHaveLength(80);
  });

  test("a rate limit behind a thousand other messages is seen, and the stack retried", async () => {
    await pulumi.behave(
      "t007",
      `if [ ! -f "$calls.once" ]; then : > "$calls.once"; ${awkward.failing("E0000047")}; fi`,
    );
    const { code, stdout } = await fleet("up", "--only", "t007", "--back-off", "0", "--json");
    expect(code).toBe(0);
    expect(report.parse(JSON.parse(stdout)).stacks[0]?.attempts).toBe(2);
  });

  test("a run that is killed is resumed where it was, although every stack succeeded in the run before", async () => {
    await pulumi.behave("t030", awkward.endless);
    const run = start("up", "--parallel", "1");
    await expect.poll(() => pulumi.calls()).toHaveLength(30);
    run.child.kill("SIGKILL");
    await run.ended;
    expect(await remembered("succeeded")).toEqual(names.slice(0, 29));
    expect(await remembered("pending")).toEqual(names.slice(29));
    await stopEndless();
    await pulumi.forgetCalls();
    expect((await fleet("up", "--only-failed")).code).toBe(0);
    expect((await pulumi.calls()).sort()).toEqual(called("up", names.slice(29)));
    expect((await readdir(join(folder, ".fleet"))).sort()).toEqual(["preview.json", "up.json"]);
  });

  /** Ends the stand-in whose fleet was killed; it goes on in a group of its own, as an update of Pulumi does. */
  async function stopEndless(): Promise<void> {
    const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    for (const id of ids) {
      const line = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
      if (line.includes(join(pulumi.folder, "pulumi"))) process.kill(Number(id), "SIGINT");
    }
    await expect.poll(() => pulumi.calls()).toContain("INT");
  }

  test("Ctrl-C reaches Pulumi once, starts nothing more, prints the table, and the rest is left to --only-failed", async () => {
    await pulumi.behave("t030", awkward.endless);
    const run = start("up", "--parallel", "1");
    await expect.poll(() => pulumi.calls()).toHaveLength(30);
    // As a terminal does: to every process of the group.
    process.kill(-(run.child.pid ?? 0), "SIGINT");
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("Stopping: no further stack starts, and Pulumi cancels those in progress");
    expect((await pulumi.calls()).filter((line) => line === "INT")).toHaveLength(1);
    expect(stdout).toMatch(/✗ t030 .* update canceled\n/);
    expect(stdout.match(/not begun$/gm)).toHaveLength(70);
    expect(stdout).toContain("29 of 100 succeeded; failed: t030, t031");
    await pulumi.forgetCalls();
    expect((await fleet("up", "--only-failed")).code).toBe(0);
    expect((await pulumi.calls()).sort()).toEqual(called("up", names.slice(29)));
  });

  test("a stack whose file is gone is named and forgotten, and a broken result file is refused", async () => {
    await rm(join(folder, "Pulumi.t100.yaml"));
    const { stderr, code } = await fleet("up", "--only-failed");
    expect(code).toBe(0);
    expect(stderr).toContain("of the last up, these have no stack file any more: t100");
    await fleet("up", "--only", "t001");
    expect(await remembered("succeeded")).toEqual(names.slice(0, 99));
    await writeFile(join(folder, ".fleet/up.json"), '{"stacks": {"t001": "succ');
    await pulumi.forgetCalls();
    const broken = await fleet("up", "--only-failed");
    expect([broken.code, broken.stdout]).toEqual([1, ""]);
    expect(broken.stderr).toContain(".fleet/up.json is not the result of a fleet run; delete it");
    expect(await pulumi.calls()).toEqual([]);
  });
});
