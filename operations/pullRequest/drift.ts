import { summaryOf } from "./comment.ts";

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

/** One thing that is wrong with a stack: a sentence, and the text behind it. */
export interface Finding {
  readonly title: string;
  readonly detail: string;
}

export interface Verdict {
  readonly stack: string;
  readonly state: "declared" | "pending" | "new" | "wrong";
  /** Why the state is `wrong`; empty for every other state. */
  readonly findings: readonly Finding[];
}

/**
 * Judges a stack: nothing differs from the program, and verify finds nothing wrong unless the connection is pending. A stack
 * of which nothing exists yet waits for its first deployment.
 */
export function judgeNight({ stack, pending, changes, wrong, text }: Night): Verdict {
  const made = Object.entries(changes ?? {}).filter(([, count]) => count > 0);
  const differs = made.some(([operation]) => operation !== "same");
  if (differs && made.every(([operation]) => operation === "create")) return { stack, state: "new", findings: [] };
  const findings = [
    ...(changes === undefined ? [{ title: "The preview failed.", detail: text }] : []),
    ...(changes !== undefined && differs
      ? [{ title: `It differs from the program: ${summaryOf(changes)}`, detail: text }]
      : []),
    ...(wrong === undefined ? [] : [{ title: "verify found something wrong.", detail: wrong }]),
  ];
  if (findings.length > 0) return { stack, state: "wrong", findings };
  return { stack, state: pending ? "pending" : "declared", findings };
}
