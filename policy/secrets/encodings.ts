/** Encodings in encodings are followed this deep. */
const DEPTH = 3;

const BASE64_RUN = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEX_RUN = /(?:[0-9a-fA-F]{2}){12,}/g;

/** Bytes in hex that are marked or separated: `41:42`, `41 42`, `\x41\x42`, `0x41, 0x42`. */
const SPACED_HEX_RUN = /(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s:,-]{0,2}){8,}/g;
const HEX_MARKS = /0x|\\x|[\s:,-]/g;

/** The text, and each text that stands in it in base64 (also URL-safe), in hex or percent-encoded. */
export function* readings(text: string, depth = DEPTH): Generator<string> {
  yield text;
  if (depth === 0) return;
  for (const inner of decoded(text)) if (isText(inner)) yield* readings(inner, depth - 1);
}

/** The text, and the bytes of everything in it that could be base64 or hex, wherever the encoded part begins. */
export function* fragments(text: string, depth = DEPTH): Generator<string> {
  yield text;
  if (depth === 0) return;
  const joined = text.replace(/\s+/g, "");
  const inside = [
    ...percentDecoded(text),
    // Four letters are three bytes: a secret in the middle of a text begins at one of four letters.
    ...runsOf(BASE64_RUN, joined).flatMap((run) => [0, 1, 2, 3].map((start) => fromBase64(run.slice(start)))),
    ...runsOf(HEX_RUN, joined).flatMap((run) => [0, 1].map((start) => fromHex(run.slice(start)))),
    ...runsOf(SPACED_HEX_RUN, text).map((run) => fromHex(run.replace(HEX_MARKS, ""))),
  ];
  for (const inner of inside) yield* isText(inner) ? fragments(inner, depth - 1) : [inner];
}

function decoded(text: string): readonly string[] {
  return [
    ...percentDecoded(text),
    ...runsOf(BASE64_RUN, text).map(fromBase64),
    ...runsOf(BASE64_RUN, text.replace(/\s+/g, "")).map(fromBase64),
    ...runsOf(HEX_RUN, text).map(fromHex),
    ...runsOf(SPACED_HEX_RUN, text).map((run) => fromHex(run.replace(HEX_MARKS, ""))),
  ];
}

const runsOf = (pattern: RegExp, text: string): readonly string[] => text.match(pattern) ?? [];
/** Node.js reads both alphabets. */
const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString("latin1");
const fromHex = (text: string): string => Buffer.from(text, "hex").toString("latin1");

function percentDecoded(text: string): readonly string[] {
  if (!/%[0-9a-f]{2}/i.test(text)) return [];
  return [text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))];
}

const isText = (text: string): boolean => text.length >= 8 && /^[\t\n\r\x20-\x7e]+$/.test(text);
