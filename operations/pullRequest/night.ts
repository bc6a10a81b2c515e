import { setTimeout as sleep } from "node:timers/promises";
import { forEachTenant } from "../fleet/schedule.ts";
import { workOf } from "../fleet/tenantWork.ts";
import { readStack } from "../live/stack.ts";

const BACK_OFF_MS = 60_000;

/**
 * Whether a stack waits for its console step, and what verify finds wrong if it does not. A stack that cannot be read is
 * wrong for that reason.
 */
export async function readTenantState(stack: string): Promise<{ pending: boolean; wrong: string | undefined }> {
  try {
    const { config } = await readStack(stack);
    if ((config["okta-scim-directory:connection"] ?? "pending") === "pending")
      return { pending: true, wrong: undefined };
  } catch (error) {
    return { pending: false, wrong: error instanceof Error ? error.message : String(error) };
  }
  const work = workOf("verify");
  const [result] = await forEachTenant([stack], work, { parallel: 1, backOffMs: BACK_OFF_MS, sleep });
  return { pending: false, wrong: result?.ok === true ? undefined : (result?.detail ?? "verify did not run") };
}
