import { createPublicKey, createSign, generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import type { PublicJwk, SigningKey } from "../../../../lambda/contract.ts";
import type { Signer } from "../../../../lambda/events/jws.ts";

export interface LocalKey {
  readonly signer: Signer;
  readonly published: SigningKey;
}

/** A P-256 key in memory, which signs as KMS does: in DER. */
export async function makeKey(signs = true): Promise<LocalKey> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const jwk: PublicJwk = { kty: "EC", crv: "P-256", x, y };
  const kid = await calculateJwkThumbprint(jwk);
  return {
    signer: { kid, sign: async (message) => createSign("sha256").update(message).sign(privateKey) },
    published: { kid, jwk, signs, keyArn: "arn:aws:kms:us-east-1:000000000000:key/one" },
  };
}
