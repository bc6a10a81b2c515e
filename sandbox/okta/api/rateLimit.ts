/** The number of requests that each part of the Management API accepts in one window. */
export interface RateLimit {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Okta gives each group of endpoints its own limit per minute (developer.okta.com, "Rate limits"). */
export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 600, windowSeconds: 60 };

export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** The end of the window: whole seconds since 1970. */
  readonly reset: number;
}

/** Counts requests by the first part of their path: `/api/v1/users/…` and `/api/v1/apps/…` do not share a limit. */
export function createRateLimiter({ requests, windowSeconds }: RateLimit): (pathname: string) => Allowance {
  const windows = new Map<string, { used: number; reset: number }>();
  return (pathname) => {
    const bucket = pathname.split("/")[3] ?? "";
    const now = Math.floor(Date.now() / 1000);
    let window = windows.get(bucket);
    if (window === undefined || window.reset <= now) {
      window = { used: 0, reset: now + windowSeconds };
      windows.set(bucket, window);
    }
    window.used += 1;
    const remaining = Math.max(0, requests - window.used);
    return { allowed: window.used <= requests, limit: requests, remaining, reset: window.reset };
  };
}
