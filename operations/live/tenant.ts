import { z } from "zod";
import { eventOutputs } from "./eventOutputs.ts";
import { StackError } from "./stackError.ts";
import type { Problem } from "../../components/config/errors.ts";
import { NAMESPACE, checkTenantConfig, parseTenantConfig, type TenantConfig } from "../../components/config/tenant.ts";

export type { TenantConfig } from "../../components/config/tenant.ts";

const serviceOutputs = z.object({
  scimBaseUrl: z.string(),
  scimToken: z.string(),
  scimAuthorization: z.string(),
  readerTokens: z.record(z.string(), z.string()).default({}),
  ...eventOutputs.partial().shape,
});
const outputs = serviceOutputs.extend({
  oktaAppId: z.string(),
  assignmentGroupId: z.string(),
  pushGroups: z.record(
    z.string(),
    z.object({ sourceGroupId: z.string(), mappingId: z.string().nullable(), status: z.string() }),
  ),
});
export type TenantOutputs = z.infer<typeof outputs>;

/** The SCIM service of a tenant as its stack describes it. */
export interface DeployedService {
  /** The stack that the commands of remedies name. */
  readonly stack: string;
  readonly config: TenantConfig;
  readonly outputs: z.infer<typeof serviceOutputs>;
  /** Whether the token of an external endpoint is encrypted in the stack's file. */
  readonly tokenEncrypted: boolean;
}

/** A tenant whose Okta half the stack manages too. */
export interface DeployedTenant extends DeployedService {
  readonly outputs: TenantOutputs;
}

/**
 * @param config fully qualified key → text
 * @param stack the stack that the commands of the error name
 * @throws UserError with every problem of the configuration
 */
export function checkConfiguration(config: Readonly<Record<string, string>>, stack: string): void {
  parseTenantConfig(config, stack);
}

/** @param config fully qualified key → text. @returns undefined for a configuration that the program refuses */
export const usableConfiguration = (config: Readonly<Record<string, string>>): TenantConfig | undefined =>
  checkTenantConfig(config).config;

/** Every problem of a configuration, each with its place. @param config fully qualified key → text */
export const configurationProblems = (config: Readonly<Record<string, string>>): readonly Problem[] =>
  checkTenantConfig(config).problems;

type Described = readonly [
  /** The stack's name. */
  stack: string,
  /** Fully qualified key → text, as `pulumi config --json` gives it. */
  config: Readonly<Record<string, string>>,
  /** The keys whose values are encrypted in the stack's file. */
  secretKeys: readonly string[],
  /** The stack's outputs in clear. */
  given: Readonly<Record<string, unknown>>,
];

/**
 * A tenant as its stack describes it.
 * @throws UserError for a wrong configuration; StackError for a stack that was never deployed, or has no Okta half
 */
export function readTenant(...described: Described): DeployedTenant {
  const [stack, , , given] = described;
  const service = readService(...described);
  if (service.config.oktaHalf === "byHand") {
    throw new StackError(
      `the stack ${stack} has oktaHalf: byHand, so that it cannot reach the Okta org: an administrator of that org does it in the Admin Console`,
    );
  }
  return { ...service, outputs: parsed(outputs, stack, given) };
}

/**
 * The SCIM service alone.
 * @throws UserError for a wrong configuration; StackError for a stack that was never deployed
 */
export function readService(...[stack, config, secretKeys, given]: Described): DeployedService {
  const read = parsed(serviceOutputs, stack, given);
  const tenant = parseTenantConfig(config, stack);
  const tokenEncrypted = tenant.endpoint.kind === "managed" || secretKeys.includes(`${NAMESPACE}:endpoint`);
  return { stack, config: tenant, outputs: read, tokenEncrypted };
}

function parsed<T>(schema: z.ZodType<T>, stack: string, given: Readonly<Record<string, unknown>>): T {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const missing = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
  throw new StackError(
    `the stack ${stack} lacks the outputs ${missing.join(", ")}: deploy it once with "pulumi up --stack ${stack}"`,
    { cause: read.error },
  );
}
