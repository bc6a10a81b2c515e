import { nodeCrypto } from "../nodeCrypto.ts";
import { retrying } from "../directory/retry.ts";
import type { Deadline } from "../model.ts";
import { documentOf, textIn, type AwsCall } from "./awsCall.ts";
import type { Sign } from "./jws.ts";

/** Signs with a key that never leaves KMS (kms:Sign, ECC_NIST_P256). Retries throttling. @throws BusyError past the deadline */
export const kmsSign =
  (call: AwsCall, keyArn: string, deadline: Deadline): Sign =>
  async (message) => {
    const input = {
      KeyId: keyArn,
      Message: nodeCrypto().createHash("sha256").update(message).digest("base64"),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    };
    const answer = documentOf(await retrying(deadline, () => call("Sign", input)));
    return Buffer.from(textIn(answer, "Signature"), "base64");
  };
