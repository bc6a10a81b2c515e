import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { isMissing } from "../live/isMissing.ts";
import { reasonOf } from "../live/pulumiCli.ts";
import { ROOT } from "../live/stackFile.ts";
import { lineReader, runChild, type Ended } from "./child.ts";
import { createMessages } from "./messages.ts";
import type { Outcome } from "./schedule.ts";

/** The parts of an engine event that a summary needs. */
const engineEvent = z.object({
  diagnosticEvent: z.object({ severity: z.string(), message: z.string() }).optional(),
  policyEvent: z.object({ enforcementLevel: z.string(), policyName: z.string(), message: z.string() }).optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
});

interface Events {
  /** Number of resources by operation; undefined if the engine wrote no summary. */
  readonly changes: Readonly<Record<string, number>> | undefined;
  /** The errors, line by line. */
  readonly errors: string;
}

/**
 * Runs `pulumi preview` or `pulumi up` with the policy pack. Never creates a stack: a new one needs a secrets provider,
 * which a person chooses. The result comes from the engine's event log; the output of the CLI is not collected.
 */
export async function deploy(command: "preview" | "up", stack: string): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-fleet-"));
  try {
    const log = join(folder, "events.jsonl");
    const args = [
      command,
      ...["--stack", stack, "--policy-pack", join(ROOT, "policy"), "--event-log", log],
      ...(command === "up" ? ["--yes", "--skip-preview"] : []),
      ...["--non-interactive", "--color", "never", "--suppress-outputs", "--suppress-progress"],
    ];
    // The CLI has --event-log only with this variable.
    const ended = await runChild("pulumi", args, { env: { PULUMI_DEBUG_COMMANDS: "true" } });
    const { changes, errors } = await readEvents(log);
    if (ended.code !== 0) return { ok: false, detail: errors === "" ? failureOf(ended, stack) : errors };
    return { ok: true, detail: changes === undefined ? "done; Pulumi gave no summary" : describe(changes) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads an event log. A line that is no event, or the cut end of one, is left out. */
async function readEvents(path: string): Promise<Events> {
  const errors = createMessages();
  let changes: Events["changes"];
  const lines = lineReader((line) => {
    const read = engineEvent.safeParse(parsed(line));
    if (!read.success) return;
    const { diagnosticEvent, policyEvent, summaryEvent } = read.data;
    if (diagnosticEvent?.severity === "error") errors.add(plain(diagnosticEvent.message));
    if (policyEvent?.enforcementLevel === "mandatory") {
      errors.add(`${policyEvent.policyName}: ${plain(policyEvent.message)}`);
    }
    if (summaryEvent !== undefined) changes = summaryEvent.resourceChanges ?? {};
  });
  try {
    for await (const chunk of createReadStream(path)) lines.write(z.instanceof(Buffer).parse(chunk));
  } catch (error) {
    // A CLI that fails before the engine starts writes no log.
    if (!isMissing(error)) throw error;
  }
  lines.end();
  return { changes, errors: errors.text() };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function failureOf({ code, signal, stderr }: Ended, stack: string): string {
  const said = createMessages();
  if (signal !== null) said.add(`${signal} ended pulumi`);
  said.add(plain(reasonOf(stderr, stack)));
  return said.text() === "" ? `pulumi ended with exit code ${String(code)} and gave no reason` : said.text();
}

/** Without colours, which the engine writes as `<{%fg 1%}>`. */
const plain = (text: string): string => stripVTControlCharacters(text.replace(/<\{%.*?%\}>/g, "")).trim();

const marks = { create: "+", update: "~", replace: "±", delete: "-" } as const;

function describe(changes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(marks).flatMap(([operation, mark]) => {
    const count = changes[operation];
    return count === undefined ? [] : [`${mark}${count}`];
  });
  return parts.length === 0 ? "no changes" : parts.join(" ");
}
