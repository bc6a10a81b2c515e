/** Distinguished encoding of ASN.1 (ITU-T X.690), as far as signatures and certificates need it. */
export type Der = Buffer;

/** @param tag the identifier octet */
export function element(tag: number, ...parts: readonly Buffer[]): Der {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: readonly Buffer[]): Der => element(0x30, ...parts);

/** A positive INTEGER has no leading zero byte, except before a first bit that would make it negative. */
export function integer(value: bigint): Der {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return element(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), bytes);
}

/** @param dotted such as `2.5.4.3` */
export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

export const bitString = (bytes: Buffer): Der => element(0x03, Buffer.from([0]), bytes);
export const octetString = (bytes: Buffer): Der => element(0x04, bytes);
export const utf8String = (text: string): Der => element(0x0c, Buffer.from(text));
export const isTrue: Der = element(0x01, Buffer.from([0xff]));

/** GeneralizedTime, in whole seconds. */
export const time = (at: Date): Der =>
  element(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
