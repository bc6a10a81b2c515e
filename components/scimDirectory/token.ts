import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface Tokens {
  /** The token of the current generation; Okta gets this one. Secret. */
  readonly current: pulumi.Output<string>;
  /** JSON for the function's environment: `[{generation, sha256}]` of every accepted token. It reveals no token. */
  readonly hashes: pulumi.Output<string>;
  /** Whether the token of the generation before is accepted too. */
  readonly hasPrevious: boolean;
}

/**
 * One random token a generation (64 letters and digits, about 381 bits). Raising `generation` adds a token beside the
 * previous one; no longer accepting the previous one deletes it. A token is never changed in place.
 */
export function createTokens(
  name: string,
  args: { readonly generation: number; readonly acceptPrevious: boolean },
  options: pulumi.CustomResourceOptions,
): Tokens {
  const generations = [args.generation];
  const hasPrevious = args.acceptPrevious && args.generation > 1;
  if (hasPrevious) generations.push(args.generation - 1);
  const tokens = generations.map((generation) => ({
    generation,
    value: pulumi.secret(
      new random.RandomPassword(`${name}-token-${generation}`, { length: 64, special: false }, options).result,
    ),
  }));
  const current = tokens[0];
  if (current === undefined) throw new Error("a directory has at least one token");
  const hashes = pulumi
    .all(tokens.map(({ value }) => value))
    .apply((values) =>
      JSON.stringify(values.map((value, index) => ({ generation: generations[index], sha256: sha256(value) }))),
    );
  return { current: current.value, hashes: pulumi.unsecret(hashes), hasPrevious };
}

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
