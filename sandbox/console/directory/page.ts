/** One page of a list of the directory. */
export interface DirectoryPage<T> {
  readonly items: readonly T[];
  /** Undefined while a search goes through a directory that is too large to count matches. */
  readonly total?: number;
  /** Where the page starts, from 0; undefined where `total` is. */
  readonly start?: number;
  /** The token of the next page, in place of `total` and `start`. */
  readonly next?: string;
  /** By name, or in the service's own order where the list is too long to sort. */
  readonly order: "name" | "service";
  /** What was searched for is the whole name or key of these; the next page looks for it in all names. */
  readonly isExact?: boolean;
}

export interface DirectoryQuery {
  readonly search: string;
  /** `24` starts after the 24th; `c…` goes on at a cursor; empty is the first page. */
  readonly page: string;
  readonly count: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}
