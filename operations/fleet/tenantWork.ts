import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { LocalWorkspace, StackNotFoundError, type EngineEvent, type OpMap } from "@pulumi/pulumi/automation/index.js";
import { saidByCli } from "../live/stack.ts";
import type { Outcome } from "./schedule.ts";
import { ROOT } from "../live/stackFile.ts";

export type Command = "preview" | "up" | "verify";

/** The work of one command for one tenant. A failure of the tenant is an outcome, not a rejected promise. */
export function workOf(command: Command, signal: AbortSignal): (stack: string) => Promise<Outcome> {
  return command === "verify" ? verify : (stack) => deploy(command, stack, signal);
}

async function deploy(command: "preview" | "up", stackName: string, signal: AbortSignal): Promise<Outcome> {
  const errors: string[] = [];
  const options = {
    policyPacks: [join(ROOT, "policy")],
    color: "never" as const,
    suppressProgress: true,
    signal,
    onEvent: ({ diagnosticEvent, policyEvent }: EngineEvent) => {
      if (diagnosticEvent?.severity === "error") errors.push(plain(diagnosticEvent.message));
      if (policyEvent?.enforcementLevel === "mandatory") {
        errors.push(`${policyEvent.policyName}: ${plain(policyEvent.message)}`);
      }
    },
  };
  try {
    // Never creates a stack: a new one needs a secrets provider, which a person chooses.
    const stack = await LocalWorkspace.selectStack({ stackName, workDir: ROOT });
    const changes =
      command === "preview"
        ? (await stack.preview(options)).changeSummary
        : (await stack.up(options)).summary.resourceChanges;
    return { ok: true, detail: describe(changes ?? {}) };
  } catch (error) {
    return { ok: false, detail: errors.length > 0 ? errors.join("\n") : reasonOf(error, stackName) };
  }
}

/** Why a stack cannot be worked on, in the words of the CLI or better ones. */
export const reasonOf = (error: unknown, stack: string): string =>
  error instanceof StackNotFoundError
    ? `no stack ${stack} exists for Pulumi.${stack}.yaml: create it with "pulumi stack init ${stack}" and the secrets provider of your choice`
    : saidByCli(error);

/** Without colours, which the engine writes as `<{%fg 1%}>`. */
const plain = (text: string): string => stripVTControlCharacters(text.replace(/<\{%.*?%\}>/g, "")).trim();

const marks = { create: "+", update: "~", replace: "±", delete: "-" } as const;

function describe(changes: OpMap): string {
  const parts = Object.entries(marks).flatMap(([operation, mark]) => {
    const count = changes[operation as keyof typeof marks];
    return count === undefined ? [] : [`${mark}${count}`];
  });
  return parts.length === 0 ? "no changes" : parts.join(" ");
}

/** The same check as `npm run verify`, in a process of its own. */
async function verify(stack: string): Promise<Outcome> {
  const script = join(ROOT, "operations", "cli", "verify.ts");
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), script, "--stack", stack], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const lines = stdout.trim().split("\n");
  if (code === 0) return { ok: true, detail: lines.at(-1) ?? "" };
  const wrong = lines.filter((line) => /^\s*(✗|→)/.test(line)).map((line) => line.trim());
  return { ok: false, detail: wrong.length > 0 ? wrong.join("\n") : stderr.trim() };
}
