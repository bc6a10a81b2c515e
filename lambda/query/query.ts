/** Which page of a list a client wants. `startIndex` is 1-based, at least 1 (RFC 7644 §3.4.2.4). */
export type Paging =
  | { readonly kind: "index"; readonly startIndex: number; readonly count: number }
  /** Without a cursor it is the first page (RFC 9865 §2). */
  | { readonly kind: "cursor"; readonly cursor: string | undefined; readonly count: number };

/** A query, of the URL (RFC 7644 §3.4.2) or of a `.search` (§3.4.3). */
export interface Query {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly descending: boolean;
  readonly paging: Paging;
}
