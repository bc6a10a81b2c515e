import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { UsageError, print, runCommand } from "../../operations/live/commandLine.ts";

/** Each is a command that exits with another code than 0 where it finds something. */
const parts = {
  code: ["eslint", "."],
  imports: [process.execPath, "--import", "tsx", ".ci/lint/imports.ts"],
  unused: ["knip", "--no-progress", "--treat-config-hints-as-errors"],
  spelling: ["npm", "run", "--silent", "lint:spelling"],
};
const names = Object.keys(parts).join(", ");

const usage = `usage: npm run lint -- [options]
Checks the rules of the house.
  --only PART  one of ${names}; repeatable (default: all of them)
Exit code: 0 no rule is broken, 1 at least one is, 2 wrong usage.`;

const options = { only: { type: "string", multiple: true, default: Object.keys(parts) } } as const;

await runCommand({ usage, options }, async ({ values: { only } }) => {
  const wrong = only.find((name) => !(name in parts));
  if (wrong !== undefined) throw new UsageError(`--only takes ${names}, not ${wrong}`);
  const asked = Object.entries(parts).filter(([name]) => only.includes(name));
  const results = await Promise.all(asked.map(run));
  const failed = results.filter((name) => name !== undefined);
  if (failed.length > 0) print(`lint failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
});

/**
 * Runs a part and prints its output at the end, so that the lines of parts that run beside each other do not mix.
 * @returns the name of a part that failed
 */
async function run([name, [command = "", ...args]]: [string, string[]]): Promise<string | undefined> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  print(`--- ${name}: ${code === 0 ? "passed" : "FAILED"}\n${out}${err}`.trimEnd());
  return code === 0 ? undefined : name;
}
