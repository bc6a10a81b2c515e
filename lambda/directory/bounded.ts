/** Requests to DynamoDB that one batch keeps in flight. */
const IN_FLIGHT = 8;

/** Splits a list into lists of at most `size` elements, in order. */
export function chunks<T>(all: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < all.length; at += size) result.push(all.slice(at, at + size));
  return result;
}

/** Runs `work` over all items, with a bounded number of calls in flight. */
export async function eachOf<T>(all: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let item = all[next++]; item !== undefined && !failed; item = all[next++]) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  // Nothing may be in flight when the caller learns of a failure, because the next request may continue its work.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(IN_FLIGHT, all.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
