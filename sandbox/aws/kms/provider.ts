import { z } from "zod";
import type { Properties, Provider, ResourceHandler } from "../../engine/provider.ts";
import type { Place } from "../support/place.ts";
import { readInputs } from "../support/read.ts";
import type { Keys } from "./keys.ts";

const keyInputs = z
  .looseObject({
    customerMasterKeySpec: z
      .enum(["ECC_NIST_P256", "SYMMETRIC_DEFAULT"], {
        error: "the sandbox has keys of ECC_NIST_P256 and SYMMETRIC_DEFAULT only",
      })
      .default("SYMMETRIC_DEFAULT"),
    keyUsage: z.enum(["SIGN_VERIFY", "ENCRYPT_DECRYPT"]).default("ENCRYPT_DECRYPT"),
    isEnabled: z.boolean().default(true),
    enableKeyRotation: z.boolean().default(false),
    deletionWindowInDays: z.number().int().min(7).max(30).default(30),
  })
  .superRefine(({ customerMasterKeySpec: spec, keyUsage, enableKeyRotation }, context) => {
    const usage = spec === "ECC_NIST_P256" ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT";
    if (keyUsage !== usage)
      context.addIssue({
        code: "custom",
        message: `The operation failed because the KeyUsage value of the CMK is ${keyUsage}, and ${spec} needs ${usage}`,
      });
    if (enableKeyRotation && spec !== "SYMMETRIC_DEFAULT")
      context.addIssue({ code: "custom", message: "UnsupportedOperationException: an asymmetric key has no rotation" });
  });

const aliasInputs = z.looseObject({
  name: z
    .string()
    .regex(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/, "an alias has the form alias/NAME, and not alias/aws/NAME"),
  targetKeyId: z.string(),
});

/** @param open starts the endpoint that functions call */
export function kmsResources(place: Place, keys: Keys, open: () => Promise<string>): Record<string, ResourceHandler> {
  return { "aws:kms/key:Key": key(keys, open), "aws:kms/alias:Alias": alias(place, keys) };
}

function key(keys: Keys, open: () => Promise<string>): ResourceHandler {
  return {
    computed: ["arn", "keyId"],
    replaces: ["keyUsage", "customerMasterKeySpec", "multiRegion", "customKeyStoreId"],
    async create(inputs) {
      const { customerMasterKeySpec, isEnabled } = readInputs(keyInputs, inputs);
      await open();
      const made = keys.create(customerMasterKeySpec);
      made.isEnabled = isEnabled;
      return { id: made.id, outputs: { ...inputs, arn: made.arn, keyId: made.id } };
    },
    read: async (id, state) => (exists(keys, id) ? state : undefined),
    async update(id, { arn, keyId }, inputs) {
      keys.find(id).isEnabled = readInputs(keyInputs, inputs).isEnabled;
      return { ...inputs, arn, keyId };
    },
    delete: async (id, state) => {
      if (exists(keys, id)) keys.scheduleDeletion(id, readInputs(keyInputs, state).deletionWindowInDays);
    },
  };
}

/** The provider takes a key that waits for its deletion for a deleted one. */
function exists(keys: Keys, id: string): boolean {
  try {
    return keys.find(id).deletionDate === undefined;
  } catch {
    return false;
  }
}

function alias({ account, region }: Place, keys: Keys): ResourceHandler {
  const outputs = (inputs: Properties): Properties => {
    const { name, targetKeyId } = readInputs(aliasInputs, inputs);
    return { ...inputs, arn: `arn:aws:kms:${region}:${account}:${name}`, targetKeyArn: keys.find(targetKeyId).arn };
  };
  return {
    computed: ["arn", "targetKeyArn"],
    replaces: ["name"],
    async create(inputs) {
      const { name, targetKeyId } = readInputs(aliasInputs, inputs);
      keys.addAlias(name, targetKeyId);
      return { id: name, outputs: outputs(inputs) };
    },
    read: async (id, state) => (keys.hasAlias(id) ? state : undefined),
    async update(id, _state, inputs) {
      keys.moveAlias(id, readInputs(aliasInputs, inputs).targetKeyId);
      return outputs(inputs);
    },
    delete: async (id) => keys.removeAlias(id),
  };
}

/** The data source that the program reads a public key with. */
export function kmsFunctions(keys: Keys): Provider["functions"] {
  return {
    "aws:kms/getPublicKey:getPublicKey": async (args) => {
      const { keyId } = readInputs(z.looseObject({ keyId: z.string() }), args);
      const publicKey = keys.publicKey(keyId);
      const { id, arn, spec } = keys.find(keyId);
      return {
        id,
        arn,
        keyId,
        customerMasterKeySpec: spec,
        encryptionAlgorithms: [],
        keyUsage: "SIGN_VERIFY",
        publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
        publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
        signingAlgorithms: ["ECDSA_SHA_256"],
      };
    },
  };
}
