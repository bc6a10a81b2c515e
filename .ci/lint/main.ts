import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** The parts of `npm run lint`. Each is a command whose exit code is not 0 if it finds a problem. */
const parts = {
  code: ["eslint", "."],
  imports: [process.execPath, "--import", "tsx", ".ci/lint/imports.ts"],
  unused: ["knip", "--no-progress", "--treat-config-hints-as-errors"],
  spelling: ["npm", "run", "--silent", "lint:spelling"],
};

/** Runs a part and prints its whole output at once, so that parallel parts do not mix their lines. */
async function run([name, [command = "", ...args]]: [string, string[]]): Promise<string | undefined> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  process.stdout.write(`--- ${name}: ${code === 0 ? "passed" : "FAILED"}\n${out}${err}`);
  return code === 0 ? undefined : name;
}

const failed = (await Promise.all(Object.entries(parts).map(run))).filter((name) => name !== undefined);
if (failed.length > 0) console.log(`lint failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
