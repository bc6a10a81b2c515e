import { bearerTokenOf, hashMatcher } from "../bearerToken.ts";
import type { TokenHash } from "../contract.ts";
import { ScimError } from "../scim/error.ts";

/** Whose token a request carries. */
export type Caller = Pick<TokenHash, "generation" | "reader">;

/**
 * The owner of the token in the `Authorization` header (RFC 6750 §2.1). Compares every hash, in constant time. Throws
 * 401 with a detail that tells an administrator what to enter.
 */
export function authenticate(tokens: readonly TokenHash[], authorization: string | undefined): Caller {
  if (!authorization) {
    throw ScimError.unauthorized(
      'The Authorization header is missing; it must be "Bearer " followed by the secret token.',
    );
  }
  const given = bearerTokenOf(authorization);
  if (given === undefined) {
    throw ScimError.unauthorized(
      'The Authorization header must be "Bearer " followed by the secret token. In an Okta app of the kind "Header Auth", type the word Bearer and a space before the token.',
    );
  }
  const isHash = hashMatcher(given);
  let caller: Caller | undefined;
  for (const token of tokens) {
    if (isHash(token.sha256)) caller = token;
  }
  if (caller === undefined) {
    throw ScimError.unauthorized(
      "The token is not valid for this directory; it may have been rotated. Enter the current secret token.",
    );
  }
  return caller;
}

/** Throws 403 if a reader asks for more than a read. */
export function authorize({ reader }: Caller, { readsOnly }: { readonly readsOnly: boolean }): void {
  if (reader === undefined || readsOnly) return;
  throw ScimError.forbidden(
    `The token of the reader ${JSON.stringify(reader)} may only read: GET and HEAD anywhere, and POST to /.search. Make the change in Okta, or send it with the token of the output scimToken.`,
  );
}
