import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TokenHash } from "../../lambda/contract.ts";

export interface Tokens {
  /** The token of the current generation, for Okta. Secret. */
  readonly current: pulumi.Output<string>;
  /** The token of the current generation of each reader. Secret. */
  readonly ofReaders: Readonly<Record<string, pulumi.Output<string>>>;
  /** JSON for the function's environment: a `TokenHash[]` of the accepted tokens. It reveals no token. */
  readonly hashes: pulumi.Output<string>;
  /** Whether the tokens of the previous generation are also accepted. */
  readonly hasPrevious: boolean;
}

export interface Generations {
  readonly generation: number;
  readonly acceptPrevious: boolean;
}

/** One owner's tokens: that of the current generation, and the hashes of the accepted ones. */
export interface OwnTokens {
  readonly current: pulumi.Output<string>;
  readonly hashes: readonly pulumi.Output<Pick<TokenHash, "generation" | "sha256">>[];
}

/**
 * One random token for each generation (64 letters and digits, about 381 bits). Raising `generation` adds a token beside
 * the previous one; `acceptPrevious: false` deletes the previous one. A token is never changed in place.
 * @param prefix the tokens' resource names without the generation
 */
export function rotatingToken(
  prefix: string,
  { generation, acceptPrevious }: Generations,
  options: pulumi.CustomResourceOptions,
): OwnTokens {
  const tokenOf = (one: number): pulumi.Output<string> =>
    pulumi.secret(new random.RandomPassword(`${prefix}-${one}`, { length: 64, special: false }, options).result);
  const hashOf = (one: number, token: pulumi.Output<string>): OwnTokens["hashes"][number] =>
    token.apply((value) => ({ generation: one, sha256: sha256(value) }));
  const current = tokenOf(generation);
  const previous = acceptPrevious && generation > 1 ? [hashOf(generation - 1, tokenOf(generation - 1))] : [];
  return { current, hashes: [hashOf(generation, current), ...previous] };
}

/** The main token and the token of each reader, which rotate together. */
export function createTokens(
  name: string,
  args: Generations & { readonly readers: readonly string[] },
  options: pulumi.CustomResourceOptions,
): Tokens {
  const main = rotatingToken(`${name}-token`, args, options);
  const readers = args.readers.map((reader) => ({
    reader,
    tokens: rotatingToken(`${name}-reader-${reader}`, args, options),
  }));
  const hashes: pulumi.Input<TokenHash>[] = [
    ...main.hashes,
    ...readers.flatMap(({ reader, tokens }) => tokens.hashes.map((hash) => hash.apply((own) => ({ ...own, reader })))),
  ];
  return {
    current: main.current,
    ofReaders: Object.fromEntries(readers.map(({ reader, tokens }) => [reader, tokens.current])),
    hashes: pulumi.unsecret(pulumi.jsonStringify(hashes)),
    hasPrevious: args.acceptPrevious && args.generation > 1,
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
