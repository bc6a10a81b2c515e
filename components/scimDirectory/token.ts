import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TokenHash } from "../../lambda/contract.ts";

export interface Tokens {
  /** The token of the current generation, for Okta. Secret. */
  readonly current: pulumi.Output<string>;
  /** The token of the current generation of each reader. Secret. */
  readonly ofReaders: Readonly<Record<string, pulumi.Output<string>>>;
  /** The token of the current generation of each receiver that polls. Secret. */
  readonly ofReceivers: Readonly<Record<string, pulumi.Output<string>>>;
  /** JSON for a function's environment: a `ReceiverTokenHash[]` of the accepted tokens of receivers. */
  readonly receiverHashes: pulumi.Output<string>;
  /** JSON for the function's environment: a `TokenHash[]` of the accepted tokens. It reveals no token. */
  readonly hashes: pulumi.Output<string>;
  /** Whether the tokens of the previous generation are also accepted. */
  readonly hasPrevious: boolean;
}

interface Generations {
  readonly generation: number;
  readonly acceptPrevious: boolean;
}

/** One owner's tokens: that of the current generation, and the hashes of the accepted ones. */
interface OwnTokens {
  readonly current: pulumi.Output<string>;
  readonly hashes: readonly pulumi.Output<Pick<TokenHash, "generation" | "sha256">>[];
}

/**
 * One random token for each generation (64 letters and digits, about 381 bits). Raising `generation` adds a token beside
 * the previous one; `acceptPrevious: false` deletes the previous one. A token is never changed in place.
 * @param prefix the tokens' resource names without the generation
 */
function rotatingToken(
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

/**
 * The main token, the token of each reader, and the token of each receiver that polls, which rotate together. The token of a
 * receiver that is a reader too may also read.
 */
export function createTokens(
  name: string,
  args: Generations & { readonly readers: readonly string[]; readonly receivers: readonly string[] },
  options: pulumi.CustomResourceOptions,
): Tokens {
  const main = rotatingToken(`${name}-token`, args, options);
  const owned = (owner: "reader" | "receiver", names: readonly string[]): Owned[] =>
    names.map((own) => ({ name: own, tokens: rotatingToken(`${name}-${owner}-${own}`, args, options) }));
  const readers = owned("reader", args.readers);
  const receivers = owned("receiver", args.receivers);
  const reading = [...readers, ...receivers.filter((receiver) => args.readers.includes(receiver.name))];
  return {
    current: main.current,
    ofReaders: currentOf(readers),
    ofReceivers: currentOf(receivers),
    hashes: listed([...main.hashes, ...labelled(reading, (reader) => ({ reader }))]),
    receiverHashes: listed(labelled(receivers, (receiver) => ({ name: receiver }))),
    hasPrevious: args.acceptPrevious && args.generation > 1,
  };
}

interface Owned {
  readonly name: string;
  readonly tokens: OwnTokens;
}

const currentOf = (all: readonly Owned[]): Tokens["ofReaders"] =>
  Object.fromEntries(all.map(({ name, tokens }) => [name, tokens.current]));

/** The hashes, each with its owner. */
const labelled = <T extends object>(all: readonly Owned[], label: (name: string) => T) =>
  all.flatMap(({ name, tokens }) => tokens.hashes.map((hash) => hash.apply((own) => ({ ...own, ...label(name) }))));

/** Hashes reveal no token. */
const listed = (hashes: readonly pulumi.Input<object>[]): pulumi.Output<string> =>
  pulumi.unsecret(pulumi.jsonStringify(hashes));

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
