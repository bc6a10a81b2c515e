import { sha256 } from "@noble/hashes/sha2.js";

/** The token in an `Authorization` header (RFC 6750 §2.1); undefined if there is none. */
export const bearerTokenOf = (authorization: string): string | undefined =>
  /^bearer +(\S+) *$/i.exec(authorization)?.[1];

/**
 * Tells whether a hash (SHA-256, 64 hexadecimal digits) is that of the token, in the same time for every hash. The digest
 * is made in JavaScript: the first answer of a process would wait 3.4 ms for `node:crypto`.
 */
export function hashMatcher(token: string): (hash: string) => boolean {
  const digest = sha256(Buffer.from(token, "utf8"));
  return (hash) => {
    const known = Buffer.from(hash, "hex");
    return digest.reduce((difference, byte, at) => difference | (byte ^ (known[at] ?? 0x100)), 0) === 0;
  };
}
