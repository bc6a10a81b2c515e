import type { WriteStream } from "node:tty";
import type { Check, Verdict } from "./verifyTenant.ts";

const marks: Readonly<Record<Verdict, { readonly mark: string; readonly colour: number }>> = {
  right: { mark: "✓", colour: 32 },
  warning: { mark: "!", colour: 33 },
  wrong: { mark: "✗", colour: 31 },
  unknown: { mark: "?", colour: 2 },
};

/** The checklist for people: under the article's headings, each step with its verdict, remedies beneath. */
export function renderChecks(checks: readonly Check[], coloured: boolean): string[] {
  const paint = (code: number, text: string): string => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  let section = "";
  return checks.flatMap((check) => {
    const { mark, colour } = marks[check.verdict];
    const heading = check.section === section ? [] : ["", paint(1, check.section)];
    section = check.section;
    const line = `  ${paint(colour, mark)} ${check.step}: ${paint(2, check.detail)}`;
    return [...heading, line, ...(check.remedy === undefined ? [] : [`      → ${check.remedy}`])];
  });
}

/** `12 right, 1 wrong, 1 unknown to any API`. */
export function summarize(checks: readonly Check[]): string {
  const many = (verdict: Verdict): number => checks.filter((check) => check.verdict === verdict).length;
  const parts: readonly [number, string][] = [
    [many("right"), "right"],
    [many("warning"), many("warning") === 1 ? "warning" : "warnings"],
    [many("wrong"), "wrong"],
    [many("unknown"), "unknown to any API"],
  ];
  return parts.flatMap(([number, text]) => (number === 0 ? [] : [`${number} ${text}`])).join(", ");
}

/** Colour belongs on a terminal only, and nowhere NO_COLOR is set. */
export const wantsColour = (stream: WriteStream): boolean =>
  stream.isTTY === true && process.env["NO_COLOR"] === undefined;
