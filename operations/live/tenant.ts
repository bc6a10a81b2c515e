import { z } from "zod";
import { StackError } from "./stackError.ts";
import { NAMESPACE, parseTenantConfig, type TenantConfig } from "../../components/config/tenant.ts";

const outputs = z.object({
  scimBaseUrl: z.string(),
  scimToken: z.string(),
  scimAuthorization: z.string(),
  oktaAppId: z.string(),
  assignmentGroupId: z.string(),
  pushGroups: z.record(
    z.string(),
    z.object({ sourceGroupId: z.string(), mappingId: z.string().nullable(), status: z.string() }),
  ),
});
export type TenantOutputs = z.infer<typeof outputs>;

export interface DeployedTenant {
  /** The stack that the commands of remedies name. */
  readonly stack: string;
  readonly config: TenantConfig;
  readonly outputs: TenantOutputs;
  /** Whether the token of an external endpoint is encrypted in the stack's file. */
  readonly tokenEncrypted: boolean;
}

/** @throws UserError with every problem of a configuration (fully qualified key → text) */
export function checkConfiguration(config: Readonly<Record<string, string>>): void {
  parseTenantConfig(config);
}

/**
 * A tenant as its stack describes it.
 * @param stack the stack's name
 * @param config fully qualified key → text, as `pulumi config --json` gives it
 * @param secretKeys the keys whose values are encrypted in the stack's file
 * @param given the stack's outputs in clear
 * @throws UserError for a wrong configuration; StackError for a stack that was never deployed
 */
export function readTenant(
  stack: string,
  config: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
  given: Readonly<Record<string, unknown>>,
): DeployedTenant {
  const read = outputs.safeParse(given);
  if (!read.success) {
    const missing = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
    throw new StackError(
      `the stack ${stack} lacks the outputs ${missing.join(", ")}: deploy it once with "pulumi up --stack ${stack}"`,
      { cause: read.error },
    );
  }
  const parsed = parseTenantConfig(config, stack);
  const tokenEncrypted = parsed.endpoint.kind === "managed" || secretKeys.includes(`${NAMESPACE}:endpoint`);
  return { stack, config: parsed, outputs: read.data, tokenEncrypted };
}
