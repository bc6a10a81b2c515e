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

/** The parts of an engine event that a result needs. */
const engineEvent = z.object({
  diagnosticEvent: z.object({ severity: z.string(), message: z.string() }).optional(),
  policyEvent: z
    .object({
      ...{ enforcementLevel: z.string(), policyName: z.string(), message: z.string() },
      resourceUrn: z.string().optional(),
    })
    .optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
  resOutputsEvent: z
    .object({
      metadata: z.object({
        type: z.string(),
        new: z.object({ outputs: z.record(z.string(), z.unknown()).nullish() }).nullish(),
      }),
    })
    .optional(),
});
export type EngineEvent = z.output<typeof engineEvent>;

export interface EngineRun {
  readonly ended: Ended;
  /** Number of resources by operation; undefined if the engine wrote no summary. */
  readonly changes: Readonly<Record<string, number>> | undefined;
  /** Why the engine failed, line by line: a bounded number of them. */
  readonly errors: string;
}

/**
 * Runs `pulumi preview` or `pulumi up` with the policy pack. Never creates a stack: a new one needs a secrets provider,
 * which a person chooses. The result comes from the engine's event log. Neither the log nor the output is held as a whole.
 */
export async function runEngine(
  command: "preview" | "up",
  stack: string,
  options: {
    readonly args?: readonly string[];
    readonly onLine?: (line: string) => void;
    readonly onEvent?: (event: EngineEvent) => void;
    /** Applied to each error before it is cut. */
    readonly clean?: (text: string) => string;
  } = {},
): Promise<EngineRun> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-engine-"));
  const { clean = (text: string): string => text } = options;
  try {
    const log = join(folder, "events.jsonl");
    const args = [
      command,
      ...["--stack", stack, "--policy-pack", join(ROOT, "policy"), "--event-log", log],
      ...(options.args ?? []),
      ...["--non-interactive", "--color", "never", "--suppress-outputs", "--suppress-progress"],
    ];
    // The CLI has --event-log only with this variable.
    const env = { PULUMI_DEBUG_COMMANDS: "true" };
    const ended = await runChild("pulumi", args, { env, ...(options.onLine && { onLine: options.onLine }) });
    const errors = createMessages();
    let changes: EngineRun["changes"];
    await readEvents(log, (event) => {
      for (const error of errorsOf(event)) errors.add(clean(error));
      if (event.summaryEvent !== undefined) changes = event.summaryEvent.resourceChanges ?? {};
      options.onEvent?.(event);
    });
    return { ended: { ...ended, stderr: clean(ended.stderr) }, changes, errors: errors.text() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads an event log. A line that is no event, or the cut end of one, is left out. */
async function readEvents(path: string, onEvent: (event: EngineEvent) => void): Promise<void> {
  const lines = lineReader((line) => {
    const read = engineEvent.safeParse(parsed(line));
    if (read.success) onEvent(read.data);
  });
  try {
    for await (const chunk of createReadStream(path)) lines.write(z.instanceof(Buffer).parse(chunk));
  } catch (error) {
    // A CLI that fails before the engine starts writes no log.
    if (!isMissing(error)) throw error;
  }
  lines.end();
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The messages in an event for which a preview or a deployment fails. */
export function errorsOf({ diagnosticEvent, policyEvent }: EngineEvent): string[] {
  return [
    ...(diagnosticEvent?.severity === "error" ? [plain(diagnosticEvent.message)] : []),
    ...(policyEvent?.enforcementLevel === "mandatory"
      ? [`${policyEvent.policyName}: ${plain(policyEvent.message)} (${policyEvent.resourceUrn ?? "the stack"})`]
      : []),
  ];
}

/** Why a run failed: the engine's errors, or the CLI's own if the engine gave none. */
export function failureOf({ ended: { code, signal, stderr }, errors }: EngineRun, stack: string): string {
  if (errors !== "") return errors;
  const said = createMessages();
  if (signal !== null) said.add(`${signal} ended pulumi`);
  said.add(plain(reasonOf(stderr, stack)));
  return said.text() === "" ? `pulumi ended with exit code ${String(code)} and gave no reason` : said.text();
}

/** Without colours, which the engine writes as `<{%fg 1%}>`. */
const plain = (text: string): string => stripVTControlCharacters(text.replace(/<\{%.*?%\}>/g, "")).trim();
