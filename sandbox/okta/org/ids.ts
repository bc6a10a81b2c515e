import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Okta's prefixes: user, group, app, group rule, push mapping, profile mapping, user type, error, policy,
 * schema, org, request, app link, SAML entity; push rule (of this org's own). */
export type IdPrefix =
  "00u" | "00g" | "0oa" | "0pr" | "gPm" | "prm" | "oty" | "oae" | "rst" | "osc" | "00o" | "req" | "aln" | "exk" | "gPr";

const spell = (bytes: Uint8Array, length: number): string =>
  Array.from({ length }, (_, index) => ALPHABET.charAt((bytes[index] ?? 0) % ALPHABET.length)).join("");

/** A new id of 20 characters, prefix included. */
export const newId = (prefix: IdPrefix): string => prefix + spell(randomBytes(17), 17);

/** The same id for the same text, for the people and groups with which an org starts. */
export const idOf = (prefix: IdPrefix, text: string): string =>
  prefix + spell(createHash("sha256").update(text).digest(), 17);

/** Okta's usual timestamp: milliseconds always zero. */
export const timestamp = (date: Date = new Date()): string => date.toISOString().replace(/\.\d+Z$/, ".000Z");
