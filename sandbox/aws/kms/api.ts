import { z } from "zod";
import type { Access } from "../iam/policy.ts";
import { operation, type JsonService } from "../json/operation.ts";
import type { Keys } from "./keys.ts";

const byKey = z.looseObject({ KeyId: z.string() });
const signing = byKey.extend({
  Message: z.string(),
  MessageType: z.enum(["RAW", "DIGEST"]).default("RAW"),
  SigningAlgorithm: z.literal("ECDSA_SHA_256"),
});

/** KMS: Sign, GetPublicKey and DescribeKey. */
export function kmsApi(keys: Keys): JsonService {
  const onKey =
    (action: string) =>
    ({ KeyId }: z.infer<typeof byKey>): Access[] => [{ action: `kms:${action}`, resource: keys.find(KeyId).arn }];
  return {
    target: "TrentService",
    prefix: "kms",
    throttled: "ThrottlingException",
    operations: {
      Sign: operation(signing, onKey("Sign"), ({ KeyId, Message, MessageType, SigningAlgorithm }) => ({
        KeyId: keys.find(KeyId).arn,
        Signature: keys.sign(KeyId, Buffer.from(Message, "base64"), MessageType).toString("base64"),
        SigningAlgorithm,
      })),
      GetPublicKey: operation(byKey, onKey("GetPublicKey"), ({ KeyId }) => ({
        KeyId: keys.find(KeyId).arn,
        PublicKey: keys.publicKey(KeyId).export({ type: "spki", format: "der" }).toString("base64"),
        KeySpec: "ECC_NIST_P256",
        CustomerMasterKeySpec: "ECC_NIST_P256",
        KeyUsage: "SIGN_VERIFY",
        SigningAlgorithms: ["ECDSA_SHA_256"],
      })),
      DescribeKey: operation(byKey, onKey("DescribeKey"), ({ KeyId }) => {
        const { id, arn, spec, isEnabled, deletionDate } = keys.find(KeyId);
        const state = isEnabled ? "Enabled" : "Disabled";
        return {
          KeyMetadata: {
            KeyId: id,
            Arn: arn,
            KeySpec: spec,
            Enabled: isEnabled && deletionDate === undefined,
            KeyState: deletionDate === undefined ? state : "PendingDeletion",
            ...(deletionDate === undefined ? {} : { DeletionDate: deletionDate / 1000 }),
          },
        };
      }),
    },
  };
}
