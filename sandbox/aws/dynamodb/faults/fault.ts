/** A DynamoDB request in the form that a fault hook receives. */
export interface FaultRequest {
  readonly action: string;
  /** The first table that the request names. */
  readonly table: string;
  /** Number of the request, counted from 0. */
  readonly sequence: number;
}

/**
 * The effect of a fault on a request.
 * - `throttle`, `conflict`: rejected before it reaches the engine. `conflict` applies to writes and transactions only, as
 *   on AWS.
 * - `unprocessed`: only the first half of a batch is done; the rest is returned as unprocessed.
 * - `cut`: the connection ends without an answer, before anything was done; `lost`: after it was done.
 * - `unanswered`: nothing is done and the connection stays open without an answer; `unansweredDone`: the request is done.
 * - `delayMs`: done that much later, even if the client has given up in the meantime.
 * - `status`: an answer of a front end or proxy, without JSON and without an error name; `done` says whether the request
 *   reached the engine.
 * - `body`: the request is done and the head of its answer sent. `cut` then ends the connection in the middle of the
 *   body, `stalled` sends no more of it, `slowMs` spreads it over that time.
 * - `pieces`, `mixed`: a Query, Scan or BatchGetItem that sees other writers' commits while it runs (`reads.ts`).
 */
export type Fault =
  | "pass"
  | "throttle"
  | "conflict"
  | "unprocessed"
  | "cut"
  | "lost"
  | "unanswered"
  | "unansweredDone"
  | { readonly delayMs: number }
  | { readonly status: 500 | 502 | 503 | 504; readonly done: boolean }
  | { readonly body: "cut" | "stalled" | { readonly slowMs: number } }
  | PiecewiseRead
  | MixedRead;

/** The items of one page are read this many at a time, in their order. */
export interface PiecewiseRead {
  readonly pieces: number;
  /** Runs between two pieces. */
  readonly between: () => Promise<void> | void;
}

/**
 * Each item of one page is read at one of two moments, in no order: the hardest case that read-committed isolation
 * allows. A page that does not hold all items is read in pieces.
 */
export interface MixedRead {
  /** Whether the item at this place among the page's items is read at the second moment. */
  readonly mixed: (index: number) => boolean;
  /** Runs between the two moments. */
  readonly between: () => Promise<void> | void;
}

export type FaultHook = (request: FaultRequest) => Promise<Fault> | Fault;

/** The state of a pooled connection after its process was frozen between two requests. */
export type Rest = "kept" | "silent" | "reset";
