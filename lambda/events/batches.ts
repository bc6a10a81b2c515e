/** Splits a list into lists of at most `count` elements and at most `bytes` in all, in order. A larger element is alone. */
export function batches<T>(
  all: readonly T[],
  { count, bytes }: { readonly count: number; readonly bytes: number },
  sizeOf: (one: T) => number,
): T[][] {
  const result: T[][] = [];
  let size = 0;
  for (const one of all) {
    const current = result.at(-1);
    const own = sizeOf(one);
    if (current === undefined || current.length >= count || size + own > bytes) {
      result.push([one]);
      size = own;
    } else {
      current.push(one);
      size += own;
    }
  }
  return result;
}
