import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { passSignals } from "../fleet/child.ts";
import { failureOf, runEngine, type EngineEvent } from "../fleet/engineRun.ts";
import { createLines } from "../fleet/messages.ts";
import { reasonOf, useOwnCli } from "../live/pulumiCli.ts";
import { ROOT } from "../live/stackFile.ts";
import type { Preview } from "./comment.ts";
import { createMask } from "./mask.ts";

/** What stands for a text that a preview does not know (sdk/go/common/resource/plugin). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Lines of a preview's output that are kept: a comment holds less, and the log of a job is still readable. */
const MOST_LINES = 5_000;

type Previewed = Pick<Preview, "text" | "changes" | "nextSteps" | "secrets">;

/**
 * Previews a stack with the policy pack. A preview that fails is a result, with Pulumi's message as its text. Of a long output
 * a bounded part is kept, and the text says so.
 */
export async function previewStack(
  stackName: string,
  { drift = false }: { readonly drift?: boolean } = {},
): Promise<Previewed> {
  useOwnCli();
  let secrets: readonly unknown[];
  try {
    // Never creates a stack: a new one needs a secrets provider, which a person chooses.
    secrets = await secretsOf(await LocalWorkspace.selectStack({ stackName, workDir: ROOT }));
  } catch (error) {
    // No stack, or a role that may not decrypt its secrets. Nothing was decrypted, so the message holds none.
    return { text: reasonOf(error, stackName), changes: undefined, nextSteps: [], secrets: [] };
  }
  const clean = createMask(secrets);
  const printed = createLines(MOST_LINES, (count) => `… ${count} more lines are left out`, clean);
  let nextSteps: Preview["nextSteps"] = [];
  const stopPassing = passSignals();
  try {
    const run = await runEngine("preview", stackName, {
      args: drift ? ["--refresh"] : [],
      onLine: printed.add,
      clean,
      onEvent: (event) => (nextSteps = nextStepsOf(event) ?? nextSteps),
    });
    if (run.ended.code === 0) return { text: printed.text().trim(), changes: run.changes ?? {}, nextSteps, secrets };
    return { text: failureOf(run, stackName), changes: undefined, nextSteps: [], secrets };
  } finally {
    stopPassing();
  }
}

/** Every secret of the stack's configuration and of its last outputs, in clear, so that no comment holds one. */
async function secretsOf(stack: Stack): Promise<unknown[]> {
  const [config, outputs] = [await stack.getAllConfig(), await stack.outputs()];
  return [...Object.values(config), ...Object.values(outputs)].flatMap(({ secret, value }): unknown[] =>
    secret === true ? [value, ...parsed(value)] : [],
  );
}

/** The texts inside a secret that is an object, which the configuration keeps as JSON. */
function parsed(value: unknown): unknown[] {
  try {
    return typeof value === "string" ? [JSON.parse(value) as unknown] : [];
  } catch {
    return [];
  }
}

/** The output `nextSteps` in the stack's own event; a step that only `up` knows is undefined. */
export function nextStepsOf({ resOutputsEvent }: EngineEvent): Preview["nextSteps"] | undefined {
  const metadata = resOutputsEvent?.metadata;
  if (metadata?.type !== "pulumi:pulumi:Stack") return undefined;
  const steps = metadata.new?.outputs?.["nextSteps"];
  if (Array.isArray(steps))
    return steps.map((step: unknown) => (typeof step === "string" && !step.includes(UNKNOWN) ? step : undefined));
  return steps === undefined ? [] : [undefined];
}
