import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";
import { ServiceError } from "../json/operation.ts";
import type { Place } from "../support/place.ts";
import { signDigest } from "./ecdsa.ts";

/** `ECC_NIST_P256` signs; the symmetric default is only recorded. */
export type KeySpec = "ECC_NIST_P256" | "SYMMETRIC_DEFAULT";

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;
  isEnabled: boolean;
  /** Milliseconds since 1970; undefined as long as no deletion is scheduled. */
  deletionDate: number | undefined;
}

const DAY = 24 * 3_600_000;

/** The keys of the account. Private keys exist only in this memory. */
export class Keys {
  readonly #place: Place;
  readonly #now: () => number;
  readonly #keys = new Map<string, Key>();
  readonly #aliases = new Map<string, string>();

  constructor(place: Place, now: () => number) {
    this.#place = place;
    this.#now = now;
  }

  create(spec: KeySpec): Key {
    const id = randomUUID();
    const arn = `arn:aws:kms:${this.#place.region}:${this.#place.account}:key/${id}`;
    const pair = spec === "ECC_NIST_P256" ? generateKeyPairSync("ec", { namedCurve: "prime256v1" }) : undefined;
    const key: Key = { id, arn, spec, pair, isEnabled: true, deletionDate: undefined };
    this.#keys.set(id, key);
    return key;
  }

  /**
   * @param reference id, ARN, alias or ARN of an alias
   * @throws ServiceError if there is no such key
   */
  find(reference: string): Key {
    const name = reference.replace(/^arn:aws:kms:[^:]*:[^:]*:(key\/)?/, "");
    const key = this.#keys.get(name.startsWith("alias/") ? (this.#aliases.get(name) ?? "") : name);
    if (key !== undefined && (key.deletionDate ?? Infinity) > this.#now()) return key;
    throw new ServiceError("NotFoundException", `Key '${reference}' does not exist`);
  }

  /** Schedules the deletion; until then the key is of no use. @param days 7 to 30 */
  scheduleDeletion(id: string, days: number): void {
    this.find(id).deletionDate = this.#now() + days * DAY;
  }

  /** @throws ServiceError if the alias exists or the key does not */
  addAlias(name: string, keyId: string): void {
    if (this.#aliases.has(name))
      throw new ServiceError("AlreadyExistsException", `An alias with the name ${name} already exists`);
    this.#aliases.set(name, this.find(keyId).id);
  }

  moveAlias(name: string, keyId: string): void {
    this.#aliases.set(name, this.find(keyId).id);
  }

  hasAlias(name: string): boolean {
    return this.#aliases.has(name);
  }

  removeAlias(name: string): void {
    this.#aliases.delete(name);
  }

  /** @throws ServiceError if the key cannot sign this */
  sign(reference: string, message: Buffer, kind: "RAW" | "DIGEST"): Buffer {
    const { privateKey } = this.#signing(reference);
    if (kind === "DIGEST" && message.length !== 32)
      throw new ServiceError("ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_256.");
    return signDigest(privateKey, kind === "RAW" ? createHash("sha256").update(message).digest() : message);
  }

  /** @throws ServiceError if the key has none */
  publicKey(reference: string): KeyObject {
    return this.#signing(reference).publicKey;
  }

  #signing(reference: string): NonNullable<Key["pair"]> {
    const { arn, pair, isEnabled, deletionDate } = this.find(reference);
    if (deletionDate !== undefined) throw new ServiceError("KMSInvalidStateException", `${arn} is pending deletion.`);
    if (!isEnabled) throw new ServiceError("DisabledException", `${arn} is disabled.`);
    if (pair !== undefined) return pair;
    throw new ServiceError("InvalidKeyUsageException", `${arn} key usage is ENCRYPT_DECRYPT which is not valid.`);
  }
}
