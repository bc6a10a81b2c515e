import { nodeCrypto } from "../nodeCrypto.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonValue } from "../model.ts";
import { once } from "../once.ts";
import { limits } from "../scim/limits.ts";
import type { TokenHash } from "../contract.ts";
import type { ListPosition } from "./sort.ts";

/** A position between two resources of a list, and the direction in which the page lies from it. */
export interface CursorPosition extends ListPosition {
  readonly direction: "next" | "previous";
}

/** The query that a cursor belongs to: endpoint, filter and order. */
export type QueryIdentity = readonly (string | boolean | undefined)[];

/** Makes and reads the cursors of RFC 9865: encrypted and authenticated, valid for an hour and for one query. */
export interface Cursors {
  seal(position: CursorPosition, query: QueryIdentity): string;
  /** Throws 400 `invalidCursor` or `expiredCursor`. */
  open(cursor: string, query: QueryIdentity): CursorPosition;
}

const NONCE = 12;
const TAG = 16;

/**
 * Cursors travel in URLs, and the position in a sorted list is the value of a person's attribute: therefore they are
 * encrypted, not only signed. The keys derive from the hashes of the accepted tokens that are not a reader's. So there is
 * no further secret to keep, all processes have the same keys, a cursor outlives a rotation as long as the token of its
 * generation is accepted, and a reader that is removed ends nobody's cursors.
 */
export function createCursors(tokens: readonly TokenHash[]): Cursors {
  const [newest, ...older] = tokens
    .filter(({ reader }) => reader === undefined)
    .toSorted((one, other) => other.generation - one.generation);
  if (newest === undefined) throw new Error("Cursors need at least one token.");
  // Derived for the first cursor, which few cold starts serve.
  const keys = once((): readonly [Buffer, ...Buffer[]] => [keyOf(newest), ...older.map(keyOf)]);
  return {
    seal({ direction, type, id, key }, query) {
      const expires = Math.floor(Date.now() / 1000) + limits.cursorTimeout;
      const text = JSON.stringify([fingerprint(query), expires, direction, type, id, key ?? null]);
      const nonce = nodeCrypto().randomBytes(NONCE);
      const cipher = nodeCrypto().createCipheriv("aes-256-gcm", keys()[0], nonce);
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString(
        "base64url",
      );
    },
    open(cursor, query) {
      const bytes = Buffer.from(cursor.slice(0, limits.cursor), "base64url");
      // Decoding is lenient: of all texts that decode to these bytes, only the one that encoding gives is a cursor.
      const text = bytes.toString("base64url") === cursor ? decrypt(keys(), bytes) : undefined;
      if (text === undefined) {
        throw ScimError.invalidCursor(
          "The cursor was not issued by this directory, or was changed. Start again with an empty cursor.",
        );
      }
      // An authenticated text was written by `seal`.
      const [made, expires, direction, type, id, key] = JSON.parse(text) as JsonValue[];
      if (made !== fingerprint(query)) {
        throw ScimError.invalidCursor(
          "The cursor belongs to another query. Keep the filter and the order while paging.",
        );
      }
      if (typeof expires !== "number" || expires <= Date.now() / 1000) {
        throw ScimError.expiredCursor(
          `The cursor expired after ${limits.cursorTimeout} seconds. Start again with an empty cursor.`,
        );
      }
      if (typeof type !== "number" || typeof id !== "string" || (direction !== "next" && direction !== "previous")) {
        throw ScimError.invalidCursor(
          "The cursor was issued by another version of this directory. Start again with an empty cursor.",
        );
      }
      return { direction, type, id, key: typeof key === "string" || typeof key === "number" ? key : undefined };
    },
  };
}

const keyOf = ({ sha256 }: TokenHash): Buffer =>
  Buffer.from(nodeCrypto().hkdfSync("sha256", Buffer.from(sha256, "hex"), "", "scim cursor", 32));

function decrypt(keys: readonly Buffer[], bytes: Buffer): string | undefined {
  if (bytes.length <= NONCE + TAG) return undefined;
  for (const key of keys) {
    const decipher = nodeCrypto().createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE));
    decipher.setAuthTag(bytes.subarray(-TAG));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString("utf8");
    } catch {
      continue;
    }
  }
  return undefined;
}

function fingerprint(query: QueryIdentity): string {
  const parts = query.map((part) => part ?? null);
  return nodeCrypto().createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
