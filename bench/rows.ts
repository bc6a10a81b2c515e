/** One measured number. `peer` and `ratio` (ours/peer) are null where nothing else was measured beside it. */
export interface Row {
  readonly name: string;
  /** What its cost might grow with: members of the group, or users of the directory where no group is touched. */
  readonly size: number;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  /** The quartiles of the ratio, sample by sample. */
  readonly ratioSpread?: readonly [low: number, high: number];
  /** Users of the directory. */
  readonly users?: number;
  /** What `ours` must not exceed. */
  readonly bound?: number;
  /** What `ratio` must not exceed. */
  readonly ratioBound?: number;
  /** Whether it must be the same at every size and number of users, within a tenth. */
  readonly isFlat?: boolean;
  /** Most memory resident in the function's process, in MB. */
  readonly peakMemoryMb?: number;
}

const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

export const row = (fields: Omit<Row, "peer" | "ratio"> & { readonly peer?: number }): Row => {
  const { peer = null, ratioSpread: spread, ...rest } = fields;
  return {
    ...rest,
    ours: rounded(fields.ours),
    peer: peer === null ? null : rounded(peer),
    ratio: peer === null ? null : rounded(fields.ours / peer),
    ...(spread && { ratioSpread: [rounded(spread[0]), rounded(spread[1])] }),
  };
};

/** What does not hold: a number past its bound, or one that grows where it must not. A line each. */
export function violations(rows: readonly Row[]): string[] {
  const past = rows
    .filter(({ ours, bound }) => bound !== undefined && ours > bound)
    .map(
      (one) =>
        `${one.name}, ${one.size} of ${one.users ?? one.size}: ${one.ours} ${one.unit}, at most ${one.bound ?? 0} allowed`,
    );
  const flat = new Map<string, Row[]>();
  for (const one of rows.filter(({ isFlat }) => isFlat)) {
    const what = `${one.name}: ${one.unit}`;
    flat.set(what, [...(flat.get(what) ?? []), one]);
  }
  const growing = [...flat].flatMap(([what, group]) => {
    const numbers = group.map(({ ours }) => ours);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    return most > least * 1.1 ? [`${what} from ${least} to ${most}, where a tenth more is allowed`] : [];
  });
  return [...past, ...growing];
}

const columns = ["requests", "read requests", "read units", "write units", "ms p50", "ms p99"] as const;

/** The rows for people: a line for each operation and size, its units in columns. */
export function table(rows: readonly Row[]): string {
  const show = (value: number | null | undefined): string =>
    value === undefined || value === null ? "" : String(value);
  const lines = new Map<string, Map<string, Row>>();
  for (const one of rows) {
    const key = JSON.stringify([one.name, one.users, one.size]);
    lines.set(key, (lines.get(key) ?? new Map<string, Row>()).set(one.unit, one));
  }
  const others = [...new Set(rows.map(({ unit }) => unit))].filter(
    (unit) => !columns.some((column) => column === unit),
  );
  const units = [...columns, ...others].filter((unit) => rows.some((one) => one.unit === unit));
  const head = ["operation", "users", "size", ...units, "peak MB"];
  const cell = (one: Row | undefined): string =>
    one === undefined
      ? ""
      : `${one.ours}${one.bound === undefined ? "" : ` ≤ ${Number(one.bound.toFixed(2))}`}${one.ratio === null ? "" : ` (${one.ratio} of ${show(one.peer)})`}`;
  const body = [...lines.values()].map((byUnit) => {
    const [first] = byUnit.values();
    return [
      first?.name ?? "",
      show(first?.users),
      show(first?.size),
      ...units.map((unit) => cell(byUnit.get(unit))),
      show(first?.peakMemoryMb),
    ];
  });
  const widths = head.map((title, at) => Math.max(title.length, ...body.map((line) => line[at]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return [head, ...body].map(format).join("\n");
}
