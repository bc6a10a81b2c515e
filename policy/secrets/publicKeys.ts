import { createHash, createPublicKey, type JsonWebKey } from "node:crypto";
import { isRecord, type Properties } from "../model/resource.ts";
import { credentialIn } from "./credentials.ts";
import { parseStrictly } from "./strictJson.ts";

/** Bytes of a coordinate by curve (RFC 7518 §6.2.1, RFC 8037 §2). */
const curves: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EC: { "P-256": 32, "P-384": 48, "P-521": 66 },
  OKP: { Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 },
};
/** Bytes of an RSA modulus: 2048 to 4096 bits. */
const MODULI = [256, 384, 512];
const EXPONENT = /^[\w-]{2,6}$/;
const OPERATIONS = ["sign", "verify", "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"];

type Members = Readonly<Record<string, (value: unknown) => boolean>>;

/** Of any key type, optional (RFC 7517 §4). The `kid` is judged with the whole key. */
const common: Members = {
  kid: (value) => typeof value === "string",
  use: (value) => value === "sig" || value === "enc",
  alg: (value) =>
    typeof value === "string" && /^(ES256K?|ES384|ES512|[RP]S(256|384|512)|EdDSA|ECDH-ES|RSA-OAEP(-256)?)$/.test(value),
  key_ops: (value) => Array.isArray(value) && value.every((operation) => OPERATIONS.includes(String(operation))),
};

const isBytes =
  (...sizes: readonly (number | undefined)[]) =>
  (value: unknown): boolean =>
    typeof value === "string" &&
    sizes.includes(Buffer.from(value, "base64url").length) &&
    Buffer.from(value, "base64url").toString("base64url") === value;

/** The members that a public key of this type must have (RFC 7638 §3.2), in the order of their names. */
function requiredOf({ kty, crv }: Properties): Members {
  const isKty = (value: unknown): boolean => value === kty;
  if (kty === "RSA")
    return {
      e: (value) => EXPONENT.test(String(value)) && isBytes(1, 2, 3, 4)(value),
      kty: isKty,
      n: isBytes(...MODULI),
    };
  const size = curves[String(kty)]?.[String(crv)];
  const isCoordinate = isBytes(size);
  const point = kty === "EC" ? { x: isCoordinate, y: isCoordinate } : { x: isCoordinate };
  return { crv: () => size !== undefined, kty: isKty, ...point };
}

/** A public key as RFC 7517 has it, with no private and no unknown member. */
function isPublicKey(jwk: unknown): jwk is Properties {
  if (!isRecord(jwk) || !["EC", "RSA", "OKP"].includes(String(jwk["kty"]))) return false;
  const required = requiredOf(jwk);
  const allowed: Members = { ...common, ...required };
  return (
    Object.keys(required).every((name) => name in jwk) &&
    Object.entries(jwk).every(([name, value]) => Object.hasOwn(allowed, name) && allowed[name]?.(value) === true) &&
    isReadable(jwk) &&
    (jwk["kid"] === undefined || isKeyId(jwk["kid"], jwk))
  );
}

/** A point that is not on its curve is no key. */
function isReadable(jwk: Properties): boolean {
  try {
    createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

/** The key's own thumbprint (RFC 7638), or a name that holds no credential. */
const isKeyId = (kid: unknown, jwk: Properties): boolean =>
  typeof kid === "string" &&
  (kid === thumbprint(jwk) || (/^[\w.:-]{1,64}$/.test(kid) && credentialIn(kid) === undefined));

function thumbprint(jwk: Properties): string {
  const members = Object.keys(requiredOf(jwk)).map((name) => [name, jwk[name]] as const);
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest("base64url");
}

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-)?[0-9a-f-]{32,36}$/;

/** Beside a public key: its id, the ARN of its private half in KMS, and whether it signs. */
const labels: Readonly<Record<string, (value: unknown, jwk: Properties) => boolean>> = {
  kid: isKeyId,
  keyArn: (value) => typeof value === "string" && KEY_ARN.test(value),
  signs: (value) => typeof value === "boolean",
};

function isEntry(entry: unknown): boolean {
  if (!isRecord(entry)) return false;
  const { jwk, ...others } = entry;
  return (
    isPublicKey(jwk) &&
    Object.entries(others).every(([name, value]) => Object.hasOwn(labels, name) && labels[name]?.(value, jwk) === true)
  );
}

/** JSON of a list of `{jwk, …labels}`, each `jwk` a public key. */
export function holdsPublicKeysOnly(value: string): boolean {
  const entries = parseStrictly(value);
  return Array.isArray(entries) && entries.every(isEntry);
}
