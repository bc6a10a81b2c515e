import { failureOf, runEngine } from "./engineRun.ts";
import type { Outcome } from "./schedule.ts";

/** Runs `pulumi preview` or `pulumi up`; a failure is an outcome. The output of the CLI is not collected. */
export async function deploy(command: "preview" | "up", stack: string): Promise<Outcome> {
  const run = await runEngine(command, stack, { args: command === "up" ? ["--yes", "--skip-preview"] : [] });
  if (run.ended.code !== 0) return { ok: false, detail: failureOf(run, stack) };
  return { ok: true, detail: run.changes === undefined ? "done; Pulumi gave no summary" : describe(run.changes) };
}

const marks = { create: "+", update: "~", replace: "±", delete: "-" } as const;

function describe(changes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(marks).flatMap(([operation, mark]) => {
    const count = changes[operation];
    return count === undefined ? [] : [`${mark}${count}`];
  });
  return parts.length === 0 ? "no changes" : parts.join(" ");
}
