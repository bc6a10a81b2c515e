import { nodeCrypto } from "../nodeCrypto.ts";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { fold } from "../folding.ts";
import type { ResourceKind } from "../model.ts";

export type Item = Record<string, AttributeValue>;
export type Key = { pk: { S: string }; sk: { S: string } };

const key = (pk: string, sk: string): Key => ({ pk: { S: pk }, sk: { S: sk } });
const hash = (...parts: string[]): string =>
  nodeCrypto().createHash("sha256").update(parts.join("\u0000")).digest("base64url");
const prefix = (kind: ResourceKind): string => (kind === "User" ? "U#" : "G#");

/** Whether the directory can have made this id. Any other id is absent and never becomes a key. */
export const isId = (id: string): boolean => /^[0-9a-f-]{36}$/.test(id);

/**
 * Names are reserved in the folded form in which filters compare them (`caseExact: false`). Hashed: a key is at most 2,048
 * bytes and shows no personal data.
 */
export const nameHash = (kind: ResourceKind, name: string): string => hash(kind, fold(name));

/**
 * The hashes under which earlier versions of this code may have reserved a name that is equal to this one, without the
 * current hash. Those versions lower-cased the NFC form, which distinguishes `Straße` from `STRASSE`, and a sigma at
 * the end of a word from one within a word. Nearly all names have none. See docs/design/names.md.
 */
export function formerNameHashes(kind: ResourceKind, name: string): readonly string[] {
  const folded = fold(name);
  const forms = [name, name.toUpperCase(), name.toLowerCase(), folded].filter((form) => fold(form) === folded);
  const former = new Set(forms.map((form) => form.normalize("NFC").toLowerCase()));
  former.delete(folded);
  return [...former].map((form) => hash(kind, form));
}

/** externalIds compare exactly (`caseExact: true`). */
export const externalIdHash = (kind: ResourceKind, externalId: string): string => hash(kind, "externalId", externalId);

export const partition = {
  resource: (kind: ResourceKind, id: string): string => prefix(kind) + id,
  externalId: (hashed: string): string => `X#${hashed}`,
  listing: (kind: ResourceKind): string => `L#${kind}`,
  counters: (kind: ResourceKind): string => `C#${kind}`,
} as const;

export const keys = {
  resource: (kind: ResourceKind, id: string): Key => key(prefix(kind) + id, "#"),
  /** A membership seen from the group. */
  member: (groupId: string, userId: string): Key => key(`G#${groupId}`, `M#${userId}`),
  /** The same membership seen from the user. */
  membership: (userId: string, groupId: string): Key => key(`U#${userId}`, `G#${groupId}`),
  name: (hashed: string): Key => key(`N#${hashed}`, "#"),
  externalId: (hashed: string, id: string): Key => key(partition.externalId(hashed), id),
  listing: (kind: ResourceKind, id: string): Key => key(partition.listing(kind), id),
  counter: (kind: ResourceKind, id: string): Key => key(partition.counters(kind), id.slice(0, 2)),
  deletions: key("D#", "#"),
} as const;
