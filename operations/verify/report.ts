import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Check, State } from "./check.ts";

type Style = Parameters<typeof styleText>[0];

const marks: Readonly<Record<State, { readonly mark: string; readonly style: Style }>> = {
  right: { mark: "✓", style: "green" },
  warning: { mark: "!", style: "yellow" },
  wrong: { mark: "✗", style: "red" },
  unknown: { mark: "?", style: "dim" },
};

/** Styles text for a terminal. Without a terminal, the text stays plain. */
export const painter =
  (coloured: boolean) =>
  (style: Style, text: string): string =>
    coloured ? styleText(style, text, { validateStream: false }) : text;

/** Whether a stream is a terminal and NO_COLOR is not set. */
export const wantsColour = (stream: WriteStream): boolean => stream.isTTY && process.env["NO_COLOR"] === undefined;

/**
 * The checklist for people: the article's headings, under each its checks with their states, and the remedy below a
 * check.
 */
export function renderChecks(checks: readonly Check[], coloured: boolean): string[] {
  const paint = painter(coloured);
  let section = "";
  return checks.flatMap((check) => {
    const { mark, style } = marks[check.state];
    const heading = check.section === section ? [] : ["", paint("bold", check.section)];
    section = check.section;
    const line = `  ${paint(style, mark)} ${check.title}: ${paint("dim", check.detail)}`;
    return [...heading, line, ...(check.remedy === undefined ? [] : [`      → ${check.remedy}`])];
  });
}

const many = (checks: readonly Check[], state: State): number => checks.filter((check) => check.state === state).length;

/** `12 right, 1 wrong, 1 unknown to any API`. */
export function summarize(checks: readonly Check[]): string {
  const warnings = many(checks, "warning");
  const parts: readonly [number, string][] = [
    [many(checks, "right"), "right"],
    [warnings, warnings === 1 ? "warning" : "warnings"],
    [many(checks, "wrong"), "wrong"],
    [many(checks, "unknown"), "unknown to any API"],
  ];
  return parts.flatMap(([number, text]) => (number === 0 ? [] : [`${number} ${text}`])).join(", ");
}

/** Whether nothing is wrong. Warnings and checks that no API answers do not count. */
export const isRight = (checks: readonly Check[]): boolean => many(checks, "wrong") === 0;

/** The JSON of `verify --json`: a contract with other programs. */
export const toJson = (checks: readonly Check[]) => ({
  wrong: many(checks, "wrong"),
  warnings: many(checks, "warning"),
  checks: checks.map(({ id, title, state, detail, remedy }) => ({
    ...{ id, title, state, detail },
    ...(remedy === undefined ? {} : { remedy }),
  })),
});
