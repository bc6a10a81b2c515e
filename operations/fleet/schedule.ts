export interface ScheduleOptions {
  /** The most tenants that are worked on at the same time. */
  readonly parallel: number;
  /** Milliseconds of the first pause after Okta's rate limit; each further pause is twice as long. */
  readonly backOffMs: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Once aborted, no further tenant starts; the ones in progress run to their end. */
  readonly signal?: AbortSignal;
  readonly onPause?: (milliseconds: number, name: string) => void;
}

/** The result of one tenant's work. */
export interface Outcome {
  readonly ok: boolean;
  /** One sentence or a few lines, for the summary. */
  readonly detail: string;
}

export interface Result extends Outcome {
  readonly name: string;
  readonly attempts: number;
  readonly seconds: number;
}

/** The most attempts for one tenant. */
const ATTEMPTS = 5;

/**
 * Okta's answer beyond its rate limit: HTTP 429, E0000047. The limits belong to the org, so they concern every tenant. The
 * number alone may be part of a name.
 */
export const isRateLimited = (text: string): boolean =>
  /too many requests|rate limit|E0000047|\b(?:http|status|code)\W*429\b/i.test(text);

const secondsSince = (start: number): number => Math.round((Date.now() - start) / 1000);

/**
 * Runs the work of every tenant, with a bounded number at a time, and continues after failures. After a rate limit, no
 * work starts or is retried before the pause is over.
 */
export async function forEachTenant(
  names: readonly string[],
  work: (name: string) => Promise<Outcome>,
  options: ScheduleOptions,
  onResult: (result: Result) => void = () => undefined,
): Promise<Result[]> {
  const results = new Map<string, Result>();
  const waiting = [...names];
  let pause: Promise<unknown> = Promise.resolve();

  async function one(name: string): Promise<Result> {
    const start = Date.now();
    let last: Outcome = { ok: false, detail: "not begun" };
    for (let attempt = 1; ; attempt += 1) {
      await pause;
      if (options.signal?.aborted) return { name, ...last, attempts: attempt - 1, seconds: secondsSince(start) };
      const outcome = await work(name).catch((error: unknown): Outcome => ({
        ok: false,
        detail: error instanceof Error ? error.message : String(error),
      }));
      if (outcome.ok || attempt === ATTEMPTS || !isRateLimited(outcome.detail)) {
        return { name, ...outcome, attempts: attempt, seconds: secondsSince(start) };
      }
      last = outcome;
      const milliseconds = options.backOffMs * 2 ** (attempt - 1);
      options.onPause?.(milliseconds, name);
      pause = Promise.all([pause, options.sleep(milliseconds)]);
    }
  }

  async function lane(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await one(name);
      results.set(name, result);
      onResult(result);
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.parallel, names.length) }, lane));
  return names.flatMap((name) => results.get(name) ?? []);
}
