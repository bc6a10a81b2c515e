import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation/index.js";
import { reasonOf, saidByCli, useOwnCli } from "../live/pulumiCli.ts";
import { ROOT } from "../live/stackFile.ts";
import type { Preview } from "./comment.ts";

/** What stands for a text that a preview does not know (sdk/go/common/resource/plugin). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Previewed = Pick<Preview, "text" | "changes" | "nextSteps" | "secrets">;

/** Previews a stack with the policy pack. A preview that fails is a result, with Pulumi's message as its text. */
export async function previewStack(
  stackName: string,
  { drift = false }: { readonly drift?: boolean } = {},
): Promise<Previewed> {
  useOwnCli();
  let stack: Stack;
  let secrets: readonly unknown[];
  try {
    // Never creates a stack: a new one needs a secrets provider, which a person chooses.
    stack = await LocalWorkspace.selectStack({ stackName, workDir: ROOT });
    secrets = await secretsOf(stack);
  } catch (error) {
    // No stack, or a role that may not decrypt its secrets. Nothing was decrypted, so the message holds none.
    return { text: reasonOf(error, stackName), changes: undefined, nextSteps: [], secrets: [] };
  }
  const printed: string[] = [];
  const errors: string[] = [];
  let nextSteps: Preview["nextSteps"] = [];
  try {
    const { changeSummary } = await stack.preview({
      policyPacks: [join(ROOT, "policy")],
      ...{ color: "never" as const, suppressProgress: true, suppressOutputs: true, refresh: drift },
      onOutput: (part) => printed.push(part),
      onEvent: (event) => {
        errors.push(...errorsOf(event));
        nextSteps = nextStepsOf(event) ?? nextSteps;
      },
    });
    return { text: plain(printed.join("")), changes: changeSummary, nextSteps, secrets };
  } catch (error) {
    return {
      text: errors.length > 0 ? errors.join("\n") : saidByCli(error),
      changes: undefined,
      nextSteps: [],
      secrets,
    };
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

/** The messages in an event for which a preview fails. */
export function errorsOf({ diagnosticEvent, policyEvent }: EngineEvent): string[] {
  return [
    ...(diagnosticEvent?.severity === "error" ? [plain(diagnosticEvent.message)] : []),
    ...(policyEvent?.enforcementLevel === "mandatory"
      ? [`${policyEvent.policyName}: ${plain(policyEvent.message)} (${policyEvent.resourceUrn ?? "the stack"})`]
      : []),
  ];
}

/** The output `nextSteps` in the stack's own event; a step that only `up` knows is undefined. */
export function nextStepsOf({ resOutputsEvent }: EngineEvent): Preview["nextSteps"] | undefined {
  const metadata = resOutputsEvent?.metadata;
  if (metadata?.type !== "pulumi:pulumi:Stack") return undefined;
  const steps: unknown = metadata.new?.outputs["nextSteps"];
  if (Array.isArray(steps))
    return steps.map((step: unknown) => (typeof step === "string" && !step.includes(UNKNOWN) ? step : undefined));
  return steps === undefined ? [] : [undefined];
}

/** Without colours, which the engine writes as `<{%fg 1%}>`. */
const plain = (text: string): string => stripVTControlCharacters(text.replace(/<\{%.*?%\}>/g, "")).trim();
