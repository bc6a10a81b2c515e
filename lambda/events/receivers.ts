import { bearerTokenOf, hashMatcher } from "../bearerToken.ts";
import type { ReceiverTokenHash } from "../contract.ts";
import { DeliveryError } from "./deliveryError.ts";

/** The tokens that the function knows. */
export interface KnownTokens {
  readonly receivers: readonly ReceiverTokenHash[];
  /** Of the directory itself and of its readers: they may not poll. */
  readonly others: readonly Pick<ReceiverTokenHash, "sha256">[];
}

/** A receiver, and the generation of the token that it used. */
export type Caller = Pick<ReceiverTokenHash, "name" | "generation">;

/**
 * The receiver whose token is in the `Authorization` header (RFC 6750 §2.1); undefined for a token that is valid for the
 * directory only. Compares every hash, in constant time. @throws DeliveryError 401
 */
export function receiverOf(tokens: KnownTokens, authorization: string | undefined): Caller | undefined {
  const given = bearerTokenOf(authorization ?? "");
  if (given === undefined)
    throw unauthorized('The Authorization header must be "Bearer " followed by the token of the receiver.');
  const isHash = hashMatcher(given);
  const isSame = ({ sha256 }: Pick<ReceiverTokenHash, "sha256">): boolean => isHash(sha256);
  const callers = tokens.receivers.filter(isSame);
  const isOther = tokens.others.filter(isSame).length > 0;
  if (callers.length === 0 && !isOther)
    throw unauthorized("The token is not valid; it may have been rotated. Use the current token of the receiver.");
  return callers[0];
}

const unauthorized = (message: string): DeliveryError => new DeliveryError(401, "authentication_failed", message);
