/** Requests a second, and requests at once. */
export interface ThrottleSettings {
  readonly rate: number;
  readonly burst: number;
}

/**
 * A token bucket of `burst` tokens that fills by `rate` a second; a request takes one.
 * @param now milliseconds of a clock that never goes back
 */
export function createBucket(settings: ThrottleSettings, now: () => number = () => performance.now()): () => boolean {
  let tokens = settings.burst;
  let last = now();
  return () => {
    const time = now();
    tokens = Math.min(settings.burst, tokens + ((time - last) / 1000) * settings.rate);
    last = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
