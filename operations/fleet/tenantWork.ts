import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../live/stackFile.ts";
import { runChild } from "./child.ts";
import type { Command } from "./command.ts";
import { deploy } from "./deploy.ts";
import { createMessages } from "./messages.ts";
import type { Outcome } from "./schedule.ts";

/** The work of one command for one tenant. A failure of the tenant is an outcome, not a rejected promise. */
export function workOf(command: Command): (stack: string) => Promise<Outcome> {
  return command === "verify" ? verify : (stack) => deploy(command, stack);
}

/** The same check as `npm run verify`, in a process of its own. */
async function verify(stack: string): Promise<Outcome> {
  const script = join(ROOT, "operations", "cli", "verify.ts");
  const wrong = createMessages();
  let last = "";
  const ended = await runChild(process.execPath, ["--import", import.meta.resolve("tsx"), script, "--stack", stack], {
    onLine: (line) => {
      if (line.trim() !== "") last = line;
      if (/^\s*(✗|→)/.test(line)) wrong.add(line.trim());
    },
  });
  if (ended.code === 0) return { ok: true, detail: last };
  if (wrong.text() === "") wrong.add(ended.stderr.trim());
  const ending = ended.signal === null ? `exit code ${String(ended.code)}` : ended.signal;
  return { ok: false, detail: wrong.text() === "" ? `verify ended with ${ending}` : wrong.text() };
}
