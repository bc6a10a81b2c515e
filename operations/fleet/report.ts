import { painter } from "../verify/report.ts";
import type { Result } from "./schedule.ts";

/** One line when a tenant ends: `[ 3/20] ✓ acme  12 s  +16`. */
export function progressLine(result: Result, done: number, all: number, coloured: boolean): string {
  const count = String(done).padStart(String(all).length);
  return `[${count}/${all}] ${mark(result, coloured)} ${result.name}  ${result.seconds} s  ${firstLine(result.detail)}`;
}

/** A table of every tenant, the failed ones last with their whole messages, and a line that counts. */
export function summaryTable(results: readonly Result[], coloured: boolean): string[] {
  const width = Math.max(6, ...results.map(({ name }) => name.length));
  const failed = results.filter(({ ok }) => !ok);
  const row = (result: Result): string[] => {
    const [first = "", ...more] = result.detail.split("\n");
    const tries = result.attempts > 1 ? `, ${result.attempts} tries` : "";
    const time = `${result.seconds} s${tries}`.padEnd(8);
    const indent = " ".repeat(width + 14);
    const rest = result.ok ? [] : more.map((line) => `${indent}${line.trim()}`);
    return [`  ${mark(result, coloured)} ${result.name.padEnd(width)}  ${time}  ${first}`, ...rest];
  };
  return [
    ...[...results.filter(({ ok }) => ok), ...failed].flatMap(row),
    "",
    failed.length === 0
      ? `${results.length} of ${results.length} succeeded`
      : `${results.length - failed.length} of ${results.length} succeeded; failed: ${failed.map(({ name }) => name).join(", ")}`,
  ];
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

function mark({ ok }: Result, coloured: boolean): string {
  return ok ? painter(coloured)("green", "✓") : painter(coloured)("red", "✗");
}
