/**
 * Maps items in order, with at most `width` calls in flight. As soon as `isOver` returns true, no further call starts,
 * and the result is a prefix: at least one item if there is one. After a failure, no further call starts; the failure
 * is thrown once nothing is in flight, because the caller may then continue the work in another request.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  width: number,
  map: (item: T) => Promise<R>,
  isOver: () => boolean = () => false,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed || (index > 0 && isOver())) return;
      try {
        results[index] = await map(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}
