import { z } from "zod";
import type { Access } from "../iam/policy.ts";
import { operation, type JsonService } from "../json/operation.ts";
import { parameterArn } from "./arn.ts";
import type { Place } from "../support/place.ts";
import type { Parameter, Parameters } from "./parameters.ts";

const decryption = { WithDecryption: z.boolean().default(false) };
const one = z.looseObject({ Name: z.string(), ...decryption });
const several = z.looseObject({ Names: z.array(z.string()).min(1).max(10), ...decryption });

/**
 * SSM: GetParameter and GetParameters.
 * @param keyArn ARN of a key of KMS
 */
export function ssmApi(place: Place, parameters: Parameters, keyArn: (keyId: string) => string): JsonService {
  const accesses = (action: string, names: readonly string[], isDecrypted: boolean): Access[] =>
    names.flatMap((name) => {
      const keyId = isDecrypted ? parameters.get(name)?.keyId : undefined;
      const reading = { action: `ssm:${action}`, resource: parameterArn(place, name) };
      return keyId === undefined ? [reading] : [reading, { action: "kms:Decrypt", resource: keyArn(keyId) }];
    });
  return {
    target: "AmazonSSM",
    prefix: "ssm",
    throttled: "ThrottlingException",
    operations: {
      GetParameter: operation(
        one,
        ({ Name, WithDecryption }) => accesses("GetParameter", [Name], WithDecryption),
        ({ Name, WithDecryption }) => ({ Parameter: shown(parameters.find(Name), WithDecryption) }),
      ),
      GetParameters: operation(
        several,
        ({ Names, WithDecryption }) => accesses("GetParameters", Names, WithDecryption),
        ({ Names, WithDecryption }) => ({
          Parameters: Names.flatMap((name) => {
            const found = parameters.get(name);
            return found === undefined ? [] : [shown(found, WithDecryption)];
          }),
          InvalidParameters: Names.filter((name) => parameters.get(name) === undefined),
        }),
      ),
    },
  };
}

function shown(parameter: Parameter, isDecrypted: boolean): object {
  const { name, arn, type, value, ciphertext, version, modified } = parameter;
  return {
    Name: name,
    ARN: arn,
    Type: type,
    Value: type === "SecureString" && !isDecrypted ? ciphertext : value,
    Version: version,
    LastModifiedDate: modified / 1000,
    DataType: "text",
  };
}
