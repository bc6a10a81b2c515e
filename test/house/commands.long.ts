import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const scripts = Object.entries(
  manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).scripts,
).map(([name, script]) => ({ name, script }));

/** Scripts that run a program of this repository; the others hand their options to a tool that has a usage of its own. */
const program = /\b[\w./-]+\.ts$/;
const tool = /^([A-Z_]+=\S+ )*(vitest run|prettier|tsc|cspell)\b/;
const commands = scripts.filter(({ script }) => program.test(script) && !tool.test(script));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a script of package.json with these options, as npm does. */
async function run(name: string, options: readonly string[]): Promise<Ended> {
  const script = scripts.find((one) => one.name === name)?.script ?? "false";
  const PATH = [join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH };
  const child = spawn("sh", ["-c", `${script} "$@"`, name, ...options], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

const headOf = (name: string): string => (name === "start" ? "usage: npm start -- " : `usage: npm run ${name} -- `);

test("every script is a command that the tests below run, or a tool", () => {
  const other = scripts.filter((one) => !commands.includes(one) && !tool.test(one.script));
  expect(other.map(({ name }) => name)).toEqual([]);
});

test.each(["operations/cli", "sandbox/cli"])("every command of %s has a script", (folder) => {
  const files = readdirSync(join(root, folder)).filter((file) => program.test(file));
  const run = commands.map(({ script }) => script);
  expect(files.filter((file) => !run.some((script) => script.endsWith(` ${folder}/${file}`)))).toEqual([]);
});

describe.each(commands)("$name", ({ name }) => {
  test("prints its usage for --help, and nothing else", async () => {
    const { code, out, err } = await run(name, ["--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out.startsWith(headOf(name))).toBe(true);
  });

  test("says which option is wrong, and prints its usage", async () => {
    const { code, out, err } = await run(name, ["--bogus"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: Unknown option '--bogus'/);
    expect(err).toContain(`\n\n${headOf(name)}`);
  });
});

test.each([
  ["start", ["now"], "Unexpected argument 'now'"],
  ["up", ["--config", "x"], '--config takes KEY=VALUE, not "x"'],
  ["up", ["--stack"], "--stack takes a value"],
  ["events", ["--receiver", "audit"], "--stack is required"],
  ["events", ["--sandbox"], "--receiver is required"],
  ["events", ["--receiver", "audit", "--sandbox", "--follow", "--no-ack"], "--follow needs acknowledgements"],
  ["fleet", [], "name one of preview, up and verify"],
  ["fleet", ["up", "--parallel", "0"], "--parallel takes a whole number of at least 1"],
  ["next-steps", [], "--stack is required"],
  ["push-now", ["--stack", "acme", "designers"], "Unexpected argument 'designers'"],
  ["verify", [], "--stack is required"],
  ["verify", ["--stack"], "--stack takes a value"],
  ["verify", ["--sandbox", "--html="], "--html is required"],
  ["verify", ["--sandbox=yes"], "Option '--sandbox' does not take an argument"],
  ["bench", ["--only", "sleep"], "--only takes cost, peer, parts, start, program, events, burst, memory, not sleep"],
  ["bench", ["--users", "many"], "--users takes a whole number of at least 100"],
  ["lint", ["--only", "taste"], "--only takes code, imports, unused, spelling, not taste"],
])("%s %j is refused: the message, the usage, exit code 2", async (name, options, message) => {
  const { code, out, err } = await run(name, options);
  expect([code, out]).toEqual([2, ""]);
  expect(err.startsWith(`error: ${message}`)).toBe(true);
  expect(err).toContain(`\n\n${headOf(name)}`);
});
