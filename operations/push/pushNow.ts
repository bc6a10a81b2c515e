import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../live/commandLine.ts";
import type { LiveMapping, PushControl } from "../live/org.ts";
import type { TenantOutputs } from "../live/tenant.ts";

export interface PushResult {
  /** The group's name in the stack's output. */
  readonly label: string;
  readonly outcome: "pushed" | "under way" | "failed" | "paused" | "not pushed";
  readonly detail: string;
}

export interface PushNowOptions {
  /** Groups by their names in the output `pushGroups`. Default: all of them. */
  readonly only?: readonly string[];
  /** Milliseconds to wait until Okta has pushed. Default: 30,000. */
  readonly waitMs?: number;
  readonly onProgress?: (text: string) => void;
  /** The stack that the commands of messages name. */
  readonly stack?: string;
}

const POLL_MS = 500;
const PATIENCE_MS = 30_000;
/** Okta's timestamps of mappings carry no milliseconds: two pushes within one second look like one. */
const SECOND = 1_000;

/**
 * Makes Okta push whole groups again. The API's way is to switch a mapping off and on. This includes a mapping in
 * ERROR; a mapping that the configuration pauses stays paused.
 * @throws UsageError for a name that the stack does not push
 */
export async function pushNow(
  outputs: TenantOutputs,
  org: PushControl,
  options: PushNowOptions = {},
): Promise<PushResult[]> {
  const labels = options.only ?? Object.keys(outputs.pushGroups);
  const unknown = labels.filter((label) => outputs.pushGroups[label] === undefined);
  if (unknown.length > 0) {
    const known = Object.keys(outputs.pushGroups).join(", ");
    throw new UsageError(`the stack pushes no group ${unknown.join(", ")}; it pushes ${known === "" ? "none" : known}`);
  }
  const before = new Map((await org.mappings(outputs.oktaAppId)).map((mapping) => [mapping.sourceGroupId, mapping]));
  const results: PushResult[] = [];
  for (const label of labels) {
    options.onProgress?.(label);
    const mapping = before.get(outputs.pushGroups[label]?.sourceGroupId ?? "");
    results.push(await pushOne(label, mapping, outputs, org, options));
  }
  return results;
}

const stackOption = (stack: string | undefined): string => (stack === undefined ? "" : ` --stack ${stack}`);

async function pushOne(
  label: string,
  mapping: LiveMapping | undefined,
  outputs: TenantOutputs,
  org: PushControl,
  options: PushNowOptions,
): Promise<PushResult> {
  if (mapping === undefined) {
    return {
      label,
      outcome: "not pushed",
      detail: `the app has no mapping for it: set connection to ready and run "pulumi up${stackOption(options.stack)}"`,
    };
  }
  if (mapping.status === "INACTIVE" && outputs.pushGroups[label]?.status === "INACTIVE") {
    return { label, outcome: "paused", detail: "status: INACTIVE in the configuration" };
  }
  const appId = outputs.oktaAppId;
  const waitMs = options.waitMs ?? PATIENCE_MS;
  if (mapping.lastPush !== undefined && Date.now() - mapping.lastPush < 2 * SECOND) await delay(2 * SECOND);
  const started = Date.now();
  // A mapping that an interrupted attempt left off only needs to be switched on.
  if (mapping.status !== "INACTIVE") await org.setMappingStatus(appId, mapping.id, "INACTIVE");
  await org.setMappingStatus(appId, mapping.id, "ACTIVE");
  for (;;) {
    const now = (await org.mappings(appId)).find(({ id }) => id === mapping.id);
    if (now === undefined) return { label, outcome: "failed", detail: "the mapping does not exist any more" };
    if (now.status === "ERROR") return { label, outcome: "failed", detail: now.errorSummary ?? "Okta gives no reason" };
    if (now.lastPush !== undefined && now.lastPush !== mapping.lastPush) {
      return { label, outcome: "pushed", detail: "Okta sent the whole group" };
    }
    if (Date.now() - started > waitMs) {
      return { label, outcome: "under way", detail: "switched on again; Okta has not sent it yet" };
    }
    await delay(POLL_MS);
  }
}
