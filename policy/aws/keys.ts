import { UNKNOWN } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";

/** Days. */
const LONGEST_PERIOD = 365;

export const keyRotates: ResourceRule = {
  name: "key-rotates",
  description:
    "A key of KMS that encrypts rotates by itself at least once a year (enableKeyRotation)," +
    " except where AWS offers no rotation: asymmetric keys, keys for HMAC, and keys of a key store of one's own.",
  appliesTo: oneOf("aws:kms/key:Key"),
  reads: ["customerMasterKeySpec", "keyUsage", "customKeyStoreId", "enableKeyRotation", "rotationPeriodInDays"],
  check: ({ props: { customerMasterKeySpec: spec, keyUsage: usage, customKeyStoreId: store, ...props } }) => {
    const isSymmetric = isDefault(spec, "SYMMETRIC_DEFAULT") && isDefault(usage, "ENCRYPT_DECRYPT");
    if (!isSymmetric || isGiven(store)) return [];
    const { enableKeyRotation: rotates, rotationPeriodInDays: days } = props;
    if (rotates !== true && rotates !== "true" && rotates !== UNKNOWN)
      return ["the key never rotates; set enableKeyRotation to true"];
    if (!isGiven(days) || days === UNKNOWN || Number(days) <= LONGEST_PERIOD) return [];
    return [`rotationPeriodInDays is above ${LONGEST_PERIOD}; set at most ${LONGEST_PERIOD}, or remove it`];
  },
};

const isGiven = (value: unknown): boolean => value !== undefined && value !== "" && value !== null;

const isDefault = (value: unknown, byDefault: string): boolean => !isGiven(value) || value === byDefault;
