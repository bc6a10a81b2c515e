import type { QueryIdentity } from "./cursor.ts";
import type { Entry, ListPosition } from "./sort.ts";

/** A page of a list by index (RFC 7644 §3.4.2.4). */
export interface IndexPage {
  readonly kind: "index";
  readonly total: number;
  readonly startIndex: number;
  readonly entries: readonly Entry[];
}

/** A page of a list by cursor (RFC 9865 §2). */
export interface CursorPage {
  readonly kind: "cursor";
  /** The query that its cursors belong to. */
  readonly query: QueryIdentity;
  /** Whether a `previous` cursor led here: the entries nearest to it are the last ones. */
  readonly backwards: boolean;
  /** Undefined if only reading every resource can tell. */
  readonly total: number | undefined;
  readonly entries: readonly Entry[];
  /** The positions from which the list continues; undefined at its end and at its start. */
  readonly next: ListPosition | undefined;
  readonly previous: ListPosition | undefined;
}

export type ListPage = IndexPage | CursorPage;
