import process from "node:process";
import { oktaAccess } from "../live/credentials.ts";
import { oktaOrg } from "../live/oktaOrg.ts";
import { readStack } from "../live/stack.ts";
import { readTenant } from "../live/tenant.ts";
import { pushNow, type PushResult } from "./pushNow.ts";

/** Pushes groups of a stack again. @param only their labels; undefined for all groups */
export async function pushGroupsOf(
  stack: string,
  only: readonly string[] | undefined,
  onProgress: (label: string) => void,
): Promise<PushResult[]> {
  const { config, secretKeys, outputs } = await readStack(stack);
  const tenant = readTenant(stack, config, secretKeys, outputs);
  return pushNow(tenant.outputs, oktaOrg(oktaAccess(process.env, config)), {
    ...(only === undefined ? {} : { only }),
    onProgress,
    stack,
  });
}
