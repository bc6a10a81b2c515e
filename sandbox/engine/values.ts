import { isRecord } from "../../operations/live/isRecord.ts";
import { Archive } from "./provider.ts";

/** Signatures of Pulumi's wire format for special values (sdk/go/common/resource/sig). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The placeholder for a value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret value as the program declared it. */
export class Secret {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export type Values = Record<string, unknown>;

/** Decodes values from the wire into plain values, `Secret`s and `Archive`s. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isRecord(value)) return value;
  switch (value[SIGNATURE]) {
    case SECRET:
      return new Secret(decode(value["value"]));
    case ASSET:
      if (typeof value["text"] === "string") return value["text"];
      throw new Error("the sandbox accepts only assets that contain their text, not paths or addresses");
    case ARCHIVE:
      return decodeArchive(value["assets"]);
    case RESOURCE:
      return { urn: value["urn"], id: value["id"] };
    case OUTPUT: {
      const inner = "value" in value ? decode(value["value"]) : UNKNOWN;
      return value["secret"] === true ? new Secret(inner) : inner;
    }
    default:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
  }
}

export function decodeRecord(value: Values): Values {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
}

function decodeArchive(assets: unknown): Archive {
  if (!isRecord(assets))
    throw new Error("the sandbox accepts only archives that contain their files, not paths or addresses");
  const files = new Map<string, string>();
  for (const [path, asset] of Object.entries(assets)) {
    const content = plain(decode(asset));
    if (typeof content === "string") files.set(path, content);
    else if (content instanceof Archive) for (const [inner, text] of content.files) files.set(`${path}/${inner}`, text);
  }
  return new Archive(files);
}

type Json = null | number | string | boolean | Json[] | { [key: string]: Json };

/**
 * Encodes values for the wire. `undefined` is left out (null in a list), because protobuf's Struct has no such value.
 * @throws Error for a value that JSON cannot hold
 */
export function encode(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Secret) return { [SIGNATURE]: SECRET, value: encode(value.value) };
  if (value instanceof Archive) {
    const assets = [...value.files].map(
      ([path, text]) => [path, { [SIGNATURE]: ASSET, __pulumiAsset: true, text }] as const,
    );
    return { [SIGNATURE]: ARCHIVE, __pulumiArchive: true, assets: Object.fromEntries(assets) };
  }
  if (Array.isArray(value)) return value.map(encode);
  if (isRecord(value)) return encodeRecord(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  throw new Error(`a ${typeof value} cannot be a property of a resource`);
}

export function encodeRecord(value: Values): { [key: string]: Json } {
  const defined = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(defined.map(([key, inner]) => [key, encode(inner)]));
}

/** The value without its secret envelopes, in the form that a provider receives. */
export function plain(value: unknown): unknown {
  if (value instanceof Secret) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  return isRecord(value) ? plainRecord(value) : value;
}

export function plainRecord(value: Values): Values {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

export function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isRecord(value) && Object.values(value).some(holdsSecret);
}

export function holdsUnknown(value: unknown): boolean {
  if (typeof value === "string") return value.includes(UNKNOWN);
  if (value instanceof Secret) return holdsUnknown(value.value);
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isRecord(value) && Object.values(value).some(holdsUnknown);
}

/** The same text for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Archive) return { archive: Object.fromEntries([...inner.files].sort()) };
    if (inner instanceof Secret) return { secret: inner.value };
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
