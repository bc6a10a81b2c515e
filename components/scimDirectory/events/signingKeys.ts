import { createHash, createPublicKey } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PublicJwk, SigningKey } from "../../../lambda/contract.ts";
import { UserError } from "../../config/errors.ts";
import type { Events } from "../../config/events.ts";

/** Days in which a deleted key can be taken back: the longest that KMS offers. */
const DELETION_WINDOW = 30;

export interface SigningKeys {
  /** The ARN of the key that signs. */
  readonly signing: pulumi.Output<string>;
  /** All published keys, with the ARN of the one that signs: a `SigningKey[]` as JSON. */
  readonly signers: pulumi.Output<string>;
  /** The same keys without ARNs, for the function that publishes them. */
  readonly published: pulumi.Output<string>;
}

/**
 * One ES256 key in KMS for each generation: the current one, which signs; the previous one, whose signatures receivers may
 * still check; and the next one if it is announced. The private halves never leave KMS. The keys have KMS's default
 * policy, so that only the account's IAM policies give access.
 */
export function createSigningKeys(
  name: string,
  { generation, announceNext }: Events["signingKey"],
  options: pulumi.CustomResourceOptions,
): SigningKeys {
  const keyOf = (one: number) => {
    const key = new aws.kms.Key(
      `${name}-events-signing-${one}`,
      {
        description: `Signs the change events of tenant ${name}, generation ${one}`,
        customerMasterKeySpec: "ECC_NIST_P256",
        keyUsage: "SIGN_VERIFY",
        deletionWindowInDays: DELETION_WINDOW,
      },
      options,
    );
    const { publicKey } = aws.kms.getPublicKeyOutput({ keyId: key.arn }, { parent: key });
    return { key, jwk: publicKey.apply(jwkOf) };
  };
  const current = keyOf(generation);
  const others = [...(generation > 1 ? [generation - 1] : []), ...(announceNext ? [generation + 1] : [])].map(keyOf);
  const list = (keyArn: object): pulumi.Output<string> =>
    pulumi.jsonStringify(
      [current, ...others].map(({ jwk }, index) => ({
        kid: jwk.apply(thumbprint),
        ...(index === 0 ? keyArn : {}),
        jwk,
        signs: index === 0,
      })) satisfies Record<keyof Omit<SigningKey, "keyArn">, unknown>[],
    );
  return { signing: current.key.arn, signers: list({ keyArn: current.key.arn }), published: list({}) };
}

/** @param publicKey SubjectPublicKeyInfo in DER, as base64 (KMS, GetPublicKey) */
function jwkOf(publicKey: string): PublicJwk {
  const { kty, crv, x, y } = createPublicKey({
    key: Buffer.from(publicKey, "base64"),
    format: "der",
    type: "spki",
  }).export({ format: "jwk" });
  if (kty !== "EC" || crv !== "P-256" || x === undefined || y === undefined) {
    throw new UserError("KMS gave a public key that is not one of the curve P-256");
  }
  return { kty, crv, x, y };
}

/** RFC 7638 §3: the SHA-256 of the required members, in the order of their names. */
const thumbprint = ({ kty, crv, x, y }: PublicJwk): string =>
  createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
