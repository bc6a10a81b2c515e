/** One measured number. `peer` and `ratio` (ours/peer) are null where nothing else was measured beside it. */
export interface Row {
  readonly name: string;
  /** What its cost might grow with: members of the group, or users of the directory where no group is touched. */
  readonly size: number;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  /** Users of the directory. */
  readonly users?: number;
  /** What `ours` must not exceed. */
  readonly bound?: number;
  /** Most memory resident in the function's process, in MB. */
  readonly peakMemoryMb?: number;
}

const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

export const row = (fields: Omit<Row, "peer" | "ratio"> & { readonly peer?: number }): Row => {
  const { peer = null, ...rest } = fields;
  const ours = rounded(fields.ours);
  return {
    ...rest,
    ours,
    peer: peer === null ? null : rounded(peer),
    ratio: peer === null ? null : rounded(ours / peer),
  };
};

/** Rows whose number is past its bound. */
export const violations = (rows: readonly Row[]): Row[] =>
  rows.filter(({ ours, bound }) => bound !== undefined && ours > bound);

/** The rows for people, one line each, columns aligned. */
export function table(rows: readonly Row[]): string {
  const head = ["operation", "users", "size", "unit", "ours", "bound", "peer", "ratio", "peak MB"];
  const show = (value: number | null | undefined): string =>
    value === undefined || value === null ? "" : String(value);
  const lines = rows.map((one) => [
    one.name,
    show(one.users),
    show(one.size),
    one.unit,
    show(one.ours),
    show(one.bound),
    show(one.peer),
    show(one.ratio),
    show(one.peakMemoryMb),
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, at) => (at === 0 || at === 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return [head, ...lines].map(format).join("\n");
}
