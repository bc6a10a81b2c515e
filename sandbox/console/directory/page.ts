/** One page of a list of the directory. */
export interface DirectoryPage<T> {
  readonly items: readonly T[];
  /** Undefined during a search in a directory that is too large to count matches. */
  readonly total?: number;
  /** The first item of the page, counted from 0; undefined if `total` is. */
  readonly start?: number;
  /** The token of the next page, in place of `total` and `start`. */
  readonly next?: string;
  /** By name, or in the service's own order if the list is too long to sort. */
  readonly order: "name" | "service";
  /** The searched text is the whole name or key of these items. The next page searches all names for it. */
  readonly isExact?: boolean;
}

export interface DirectoryQuery {
  readonly search: string;
  /** `24` starts after the 24th item; `c…` continues at a cursor; empty is the first page. */
  readonly page: string;
  readonly count: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}
