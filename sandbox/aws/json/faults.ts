/** A request to a service of the JSON protocol in the form that a fault hook receives. */
export interface ServiceRequest {
  /** Prefix of the service's IAM actions, such as `kms`. */
  readonly service: string;
  readonly operation: string;
  /** Number of the request, counted from 0. */
  readonly sequence: number;
}

/**
 * The effect of a fault on a request.
 * - `throttle`: refused as too frequent, in the service's own words.
 * - `cut`: the connection ends without an answer, before anything was done; `lost`: after it was done.
 * - `delayMs`: done that much later.
 * - `status`: an answer without JSON; `done` says whether the request was done.
 * - `failsAlone`: those entries of a batch fail, and the others succeed. The index counts from 0.
 */
export type ServiceFault =
  | "pass"
  | "throttle"
  | "cut"
  | "lost"
  | { readonly delayMs: number }
  | { readonly status: 500 | 503; readonly done: boolean }
  | { readonly failsAlone: (index: number) => boolean };

export type ServiceFaultHook = (request: ServiceRequest) => ServiceFault;
