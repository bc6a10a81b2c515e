import { fenceSafe, summaryOf } from "./comment.ts";

/** What the nightly run found about a stack. */
export interface Night {
  readonly stack: string;
  /** Whether the console step is still to be done. Such a tenant is not right yet, but it has not drifted. */
  readonly pending: boolean;
  /** Changes that `up` would make; undefined if the preview failed. */
  readonly changes: Readonly<Record<string, number>> | undefined;
  /** What `verify` found wrong; undefined if nothing, or if it did not run. */
  readonly wrong: string | undefined;
  /** What Pulumi printed. */
  readonly text: string;
}

export interface Verdict {
  readonly ok: boolean;
  /** Markdown for the summary of the run, which has one section for each stack that is not as declared. */
  readonly markdown: string;
}

/** Judges a stack: nothing differs from the program, and verify finds nothing wrong unless the connection is pending. */
export function judgeNight({ stack, pending, changes, wrong, text }: Night): Verdict {
  const drifted = changes === undefined || Object.entries(changes).some(([op, count]) => op !== "same" && count > 0);
  const ok = !drifted && wrong === undefined;
  const state = pending ? "waits for its console step (`connection: pending`)" : "is as declared";
  if (ok) return { ok, markdown: `- \`${stack}\` ${state}\n` };
  const sections = [
    ...(changes === undefined ? [["The preview failed.", text]] : []),
    ...(changes !== undefined && drifted ? [[`It differs from the program: ${summaryOf(changes)}`, text]] : []),
    ...(wrong === undefined ? [] : [["verify found something wrong.", wrong]]),
  ];
  const body = sections.map(([title = "", detail = ""]) => `${title}\n\n${fenceSafe(detail)}\n`).join("\n");
  return { ok, markdown: `### \`${stack}\`\n\n${body}` };
}
