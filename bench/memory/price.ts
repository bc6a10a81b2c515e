/** US dollars for a GB-second of an arm64 function and for a million requests, us-east-1, as in docs/operating-on-aws.md. */
const GB_SECOND = 0.0000133334;
const MILLION_REQUESTS = 0.2;

/**
 * US dollars that Lambda takes for a million requests.
 * @param durations milliseconds of single requests; Lambda rounds each up
 */
export function priceOfMillion(durations: readonly number[], megabytes: number): number {
  const seconds = durations.reduce((sum, duration) => sum + Math.ceil(duration), 0) / durations.length / 1_000;
  return MILLION_REQUESTS + 1_000_000 * seconds * (megabytes / 1_024) * GB_SECOND;
}
