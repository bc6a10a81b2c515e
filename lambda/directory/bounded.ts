import { mapBounded } from "../concurrency.ts";

/** Requests to DynamoDB that one batch keeps in flight. */
const IN_FLIGHT = 8;

/** Splits a list into lists of at most `size` elements, in order. */
export function chunks<T>(all: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < all.length; at += size) result.push(all.slice(at, at + size));
  return result;
}

/** Runs `work` over all items, with a bounded number of calls in flight; see `mapBounded` for failures. */
export async function eachOf<T>(all: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await mapBounded(all, IN_FLIGHT, work);
}
