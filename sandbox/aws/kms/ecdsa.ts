import { createECDH, type KeyObject } from "node:crypto";
import { integer, sequence } from "../support/der.ts";

/** Order of the group of P-256 (NIST SP 800-186, section 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Signs a digest that was computed elsewhere, which Node's own `sign` cannot do (FIPS 186-5, section 6.4.1).
 * @param key private key on P-256
 * @param digest 32 bytes
 * @returns the signature in DER, as KMS returns it
 */
export function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const secret = toNumber(Buffer.from(String(key.export({ format: "jwk" }).d), "base64url"));
  for (;;) {
    const once = createECDH("prime256v1");
    // An uncompressed point: 04, x, y.
    const r = toNumber(once.generateKeys().subarray(1, 33)) % ORDER;
    const s = (inverse(toNumber(once.getPrivateKey())) * (toNumber(digest) + r * secret)) % ORDER;
    if (r !== 0n && s !== 0n) return sequence(integer(r), integer(s));
  }
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);

/** The inverse modulo the order, by Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value % ORDER, ORDER - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}
