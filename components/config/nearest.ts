/** The most single-character edits between a name and the intended one, as a share of its length. */
const TOLERANCE = 0.34;

/**
 * The candidate that a mistyped name most likely means: one that is equal without regard to case and surrounding
 * blanks, or else the one with the fewest edits. Undefined if none is near.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string): string => text.trim().toLowerCase();
  const wanted = plain(name);
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editDistance(wanted, plain(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.floor(wanted.length * TOLERANCE) ? best.candidate : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
