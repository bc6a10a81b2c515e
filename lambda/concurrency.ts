/**
 * Maps in order, with at most `width` calls in flight. As soon as `isOver` says so, no further call starts, and the
 * result is a prefix: of at least one item where there is one. After a failure no further call starts either; the failure
 * is thrown when nothing is in flight any more, because the caller may hand its work to another request.
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
