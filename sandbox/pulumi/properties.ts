import { ARCHIVE, ASSET, SIGNATURE, encode, type Values } from "../engine/values.ts";
import { isRecord } from "../../operations/live/isRecord.ts";
import { Archive, type Properties } from "../engine/provider.ts";

/**
 * Properties as the engine sends them to a provider, with the form that a stand-in takes. For assets that it remembers,
 * the engine sends only the hash and no contents, so an answer must return them in the form in which they came.
 */
export interface Received {
  readonly wire: Values;
  readonly values: Properties;
}

export function receive(wire: Values): Received {
  return { wire, values: Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, decode(value)])) };
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === ARCHIVE) return new Archive(filesOf(value["assets"], ""));
  if (value[SIGNATURE] === ASSET) return textOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
}

const textOf = (asset: Values): string => (typeof asset["text"] === "string" ? asset["text"] : "");

function filesOf(assets: unknown, prefix: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [path, asset] of Object.entries(isRecord(assets) ? assets : {})) {
    if (!isRecord(asset)) continue;
    if (asset[SIGNATURE] !== ARCHIVE) files.set(prefix + path, textOf(asset));
    else for (const [inner, text] of filesOf(asset["assets"], `${prefix}${path}/`)) files.set(inner, text);
  }
  return files;
}

/** The answer of a stand-in, for the wire. A value that it only passed on returns in the form in which it came. */
export function respond(values: Properties, ...received: readonly Received[]): Values {
  const entries = Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const source = received.find((known) => known.values[key] === value);
    return [[key, source === undefined ? encode(value) : source.wire[key]]];
  });
  return Object.fromEntries(entries) as Values;
}

/** Properties for a comparison. An asset is compared only by its hash, because its contents may have been left out. */
export function comparable(wire: Values): Values {
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, hashed(value)]));
}

function hashed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hashed);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === ARCHIVE || value[SIGNATURE] === ASSET) return { hash: value["hash"] };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hashed(inner)]));
}
