import { z } from "zod";
import { environmentNames, type TokenHash } from "../../lambda/contract.ts";
import type { Tenant } from "../tenant/tenant.ts";

const environment = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) });
const hashes = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.object({ generation: z.number(), sha256: z.string(), reader: z.string().optional() })));

/** The tokens for Okta that the deployed function accepts; none if the stack uses an existing directory. */
export function acceptedTokens({ resources }: Pick<Tenant, "resources">): readonly TokenHash[] {
  const variables = resources
    .filter(({ type, name }) => type === "aws:lambda/function:Function" && name.endsWith("-function"))
    .map(({ outputs }) => environment.safeParse(outputs).data?.environment.variables[environmentNames.tokenHashes]);
  const text = variables.find((value) => value !== undefined);
  return text === undefined ? [] : hashes.parse(text).filter(({ reader }) => reader === undefined);
}
