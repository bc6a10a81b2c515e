import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TokenHash } from "../../lambda/contract.ts";

export interface Tokens {
  /** The token of the current generation, for Okta. Secret. */
  readonly current: pulumi.Output<string>;
  /** JSON for the function's environment: a `TokenHash[]` of the accepted tokens. It reveals no token. */
  readonly hashes: pulumi.Output<string>;
  /** Whether the token of the previous generation is also accepted. */
  readonly hasPrevious: boolean;
}

/**
 * One random token for each generation (64 letters and digits, about 381 bits). Raising `generation` adds a token beside
 * the previous one; `acceptPrevious: false` deletes the previous one. A token is never changed in place.
 */
export function createTokens(
  name: string,
  args: { readonly generation: number; readonly acceptPrevious: boolean },
  options: pulumi.CustomResourceOptions,
): Tokens {
  const tokenOf = (generation: number): pulumi.Output<string> =>
    pulumi.secret(
      new random.RandomPassword(`${name}-token-${generation}`, { length: 64, special: false }, options).result,
    );
  const hashOf = (generation: number, token: pulumi.Output<string>): pulumi.Output<TokenHash> =>
    token.apply((value) => ({ generation, sha256: sha256(value) }));
  const { generation } = args;
  const hasPrevious = args.acceptPrevious && generation > 1;
  const current = tokenOf(generation);
  const hashes = [
    hashOf(generation, current),
    ...(hasPrevious ? [hashOf(generation - 1, tokenOf(generation - 1))] : []),
  ];
  return { current, hashes: pulumi.unsecret(pulumi.jsonStringify(hashes)), hasPrevious };
}

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
