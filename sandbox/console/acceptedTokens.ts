import { z } from "zod";
import type { Tenant } from "../tenant/tenant.ts";

/** A token by its SHA-256, in hexadecimal. */
interface AcceptedToken {
  readonly generation: number;
  readonly sha256: string;
}

/** The function's own name of the variable. */
const TOKEN_HASHES = "TOKEN_HASHES";

const environment = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) });
const hashes = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.object({ generation: z.number(), sha256: z.string(), reader: z.string().optional() })));

/** The tokens for Okta that the deployed function accepts; none if the stack uses an existing directory. */
export function acceptedTokens({ resources }: Pick<Tenant, "resources">): readonly AcceptedToken[] {
  const variables = resources
    .filter(({ type, name }) => type === "aws:lambda/function:Function" && name.endsWith("-function"))
    .map(({ outputs }) => environment.safeParse(outputs).data?.environment.variables[TOKEN_HASHES]);
  const text = variables.find((value) => value !== undefined);
  return text === undefined ? [] : hashes.parse(text).filter(({ reader }) => reader === undefined);
}
