import type { Claims } from "./set.ts";

/** Signs with ECDSA over P-256 and SHA-256. Returns the signature in DER (RFC 3279 §2.2.3), as KMS and most libraries give it. */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>;

export interface Signer {
  /** Of the key, in the issuer's JWKS. */
  readonly kid: string;
  readonly sign: Sign;
}

/** Bytes of each of the two integers of a P-256 signature. */
const INTEGER = 32;

const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString("base64url");

/** A SET as a compact JWS (RFC 7515 §7.1, RFC 8417 §2.3). */
export async function signSet(claims: Claims, { kid, sign }: Signer): Promise<string> {
  const header = { alg: "ES256", typ: "secevent+jwt", kid };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  return `${input}.${base64url(joseSignature(await sign(Buffer.from(input))))}`;
}

/**
 * The signature as JWS has it (RFC 7518 §3.4): both integers one after the other, 32 bytes each. DER has them as a sequence
 * of two integers without leading zeros, with one zero before a first bit of 1. @throws TypeError for other bytes
 */
export function joseSignature(der: Uint8Array): Uint8Array {
  const bytes = Buffer.from(der);
  const first = integerAt(bytes, 2);
  const second = integerAt(bytes, first.end);
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2 || second.end !== bytes.length) throw notDer();
  return Buffer.concat([first.value, second.value]);
}

function integerAt(bytes: Buffer, at: number): { readonly value: Buffer; readonly end: number } {
  const end = at + 2 + (bytes[at + 1] ?? 0);
  const digits = bytes.subarray(at + 2, end);
  const value = digits[0] === 0 ? digits.subarray(1) : digits;
  if (bytes[at] !== 0x02 || end > bytes.length || value.length > INTEGER) throw notDer();
  return { value: Buffer.concat([Buffer.alloc(INTEGER - value.length), value]), end };
}

const notDer = (): TypeError => new TypeError("the signature is not a DER sequence of two integers of P-256");
