import type { StackConfig } from "../engine/index.ts";
import { readStack } from "../engine/stackFile.ts";
import { ROOT } from "../../operations/live/stackFile.ts";

export const NAMESPACE = "okta-scim-directory";

/**
 * A stack's configuration with overrides. Later overrides replace earlier ones.
 * @param overrides keys with or without the namespace → text
 */
export function withOverrides(
  { values, secretKeys }: StackConfig,
  ...overrides: readonly Iterable<readonly [string, string]>[]
): StackConfig {
  const merged: Record<string, string> = { ...values };
  for (const each of overrides) {
    for (const [key, value] of each) merged[key.includes(":") ? key : `${NAMESPACE}:${key}`] = value;
  }
  const endpoint = `${NAMESPACE}:endpoint`;
  const holdsToken = merged[endpoint]?.includes('"token"') ?? false;
  return { values: merged, secretKeys: holdsToken ? [...secretKeys, endpoint] : [...secretKeys] };
}

/**
 * Finds errors in a configuration before anything starts, in the words of the program.
 * @throws Error with every problem that can be found without an org
 */
export async function checkConfig(stack: string, overrides: ReadonlyMap<string, string>): Promise<void> {
  const { values } = withOverrides(await readStack(ROOT, stack, overrides.keys()), overrides);
  const { checkConfiguration } = await import("../../operations/live/tenant.ts");
  checkConfiguration(values, stack);
}
