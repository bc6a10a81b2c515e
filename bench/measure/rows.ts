/** One measured number. `peer` and `ratio` (ours/peer) are null if there is nothing to compare with. */
export interface Row {
  readonly name: string;
  /** The size on which the cost may depend: members of the group, or users of the directory if no group is involved. */
  readonly size: number;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  /** The quartiles of the ratio, sample by sample. */
  readonly ratioSpread?: readonly [low: number, high: number];
  /** The number of another commit's service that took turns with both, and its ratio to the peer's. */
  readonly before?: number;
  readonly ratioBefore?: number;
  /** Users of the directory. */
  readonly users?: number;
  /** Upper bound of `ours`. */
  readonly bound?: number;
  /** Upper bound of `ratio`. */
  readonly ratioBound?: number;
  /** The factor within which its numbers must lie at all sizes and numbers of users. */
  readonly flatWithin?: number;
  /** Peak resident memory of the function's process, in MB. */
  readonly peakMemoryMb?: number;
}

const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

export const row = (fields: Omit<Row, "peer" | "ratio" | "ratioBefore"> & { readonly peer?: number }): Row => {
  const { peer = null, ratioSpread: spread, before, ...rest } = fields;
  return {
    ...rest,
    ours: rounded(fields.ours),
    peer: peer === null ? null : rounded(peer),
    ratio: peer === null ? null : rounded(fields.ours / peer),
    ...(before !== undefined && { before: rounded(before) }),
    ...(before !== undefined && peer !== null && { ratioBefore: rounded(before / peer) }),
    ...(spread && { ratioSpread: [rounded(spread[0]), rounded(spread[1])] }),
  };
};

/** The bounds that do not hold, one line each. */
export interface Violations {
  /** Exact counts: the same on every machine and in every run. */
  readonly counted: readonly string[];
  /** Times: valid for this run only. */
  readonly timed: readonly string[];
}

const isTimed = ({ unit }: Pick<Row, "unit">): boolean => /\b(ms|µs)\b/.test(unit);

/** Numbers that exceed their bound, or that grow although they must not. */
export function violations(rows: readonly Row[]): Violations {
  const where = ({ name, size, users }: Row): string => `${name}, ${size}${users === undefined ? "" : ` of ${users}`}`;
  const found = rows.flatMap((one): { unit: string; text: string }[] => {
    const { unit, ours, bound, ratio, ratioBound } = one;
    const past = bound !== undefined && ours > bound ? `${ours} ${unit}, at most ${bound} allowed` : undefined;
    const slow =
      ratio !== null && ratioBound !== undefined && ratio > ratioBound
        ? `${ratio} times the ${unit} that it is compared with, at most ${ratioBound} allowed`
        : undefined;
    return [past, slow].flatMap((text) => (text === undefined ? [] : { unit, text: `${where(one)}: ${text}` }));
  });
  const flat = new Map<string, Row[]>();
  for (const one of rows.filter(({ flatWithin }) => flatWithin !== undefined)) {
    const what = `${one.name}: ${one.unit}`;
    flat.set(what, [...(flat.get(what) ?? []), one]);
  }
  for (const [what, group] of flat) {
    const numbers = group.map(({ ours }) => ours);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const { unit = "", flatWithin = 1 } = group[0] ?? {};
    if (most > least * flatWithin) {
      found.push({ unit, text: `${what} from ${least} to ${most}, where a factor of ${flatWithin} is allowed` });
    }
  }
  return {
    counted: found.filter((one) => !isTimed(one)).map(({ text }) => text),
    timed: found.filter(isTimed).map(({ text }) => text),
  };
}

function cell(one: Row | undefined): string {
  if (one === undefined) return "";
  const { ours, bound, ratio, peer, ratioBefore } = one;
  const limit = bound === undefined ? "" : ` ≤ ${Number(bound.toFixed(2))}`;
  const before = ratioBefore === undefined ? "" : `, before ${ratioBefore}`;
  return `${ours}${limit}${ratio === null ? "" : ` (${ratio} of ${peer ?? ""}${before})`}`;
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
