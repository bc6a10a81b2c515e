import { randomBytes } from "node:crypto";
import { ServiceError } from "../json/operation.ts";

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: "String" | "StringList" | "SecureString";
  readonly value: string;
  /** A reader without decryption gets this instead of a SecureString's value. */
  readonly ciphertext: string;
  /** The key that encrypts a SecureString; undefined for the account's own `alias/aws/ssm`. */
  readonly keyId: string | undefined;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** The parameters of the account, by name. */
export class Parameters {
  readonly #parameters = new Map<string, Parameter>();

  put(declared: Pick<Parameter, "name" | "arn" | "type" | "value" | "keyId">): Parameter {
    const made: Parameter = {
      ...declared,
      ciphertext: randomBytes(64).toString("base64"),
      version: (this.#parameters.get(declared.name)?.version ?? 0) + 1,
      modified: Date.now(),
    };
    this.#parameters.set(made.name, made);
    return made;
  }

  /** @param reference name or ARN */
  get(reference: string): Parameter | undefined {
    return this.#parameters.get(reference) ?? [...this.#parameters.values()].find(({ arn }) => arn === reference);
  }

  /** @throws ServiceError if there is none */
  find(reference: string): Parameter {
    const found = this.get(reference);
    if (found === undefined) throw new ServiceError("ParameterNotFound", `Parameter ${reference} not found.`);
    return found;
  }

  remove(name: string): void {
    this.#parameters.delete(name);
  }
}
