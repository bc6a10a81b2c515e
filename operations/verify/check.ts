/** `warning` is worth a look and no fault; `unknown` is what no public API tells. */
export type Verdict = "right" | "warning" | "wrong" | "unknown";

/** One line of the checklist. */
export interface Check {
  /** The article's heading that the step stands under. */
  readonly section: string;
  readonly step: string;
  readonly verdict: Verdict;
  readonly detail: string;
  /** What to do; on a wrong or doubtful step only. */
  readonly remedy?: string;
}

const MOST_NAMES = 20;

/** Names for people to read, in order, the first twenty of them. */
export function listNames(names: readonly string[]): string {
  const sorted = [...names].sort((a, b) => a.localeCompare(b, "en"));
  const shown = sorted.slice(0, MOST_NAMES).join(", ");
  return sorted.length > MOST_NAMES ? `${shown} and ${sorted.length - MOST_NAMES} more` : shown;
}

/** How many, with the noun in the right number. */
export const count = (many: number, one: string, several: string): string => `${many} ${many === 1 ? one : several}`;

interface Section {
  readonly right: (step: string, detail: string) => Check;
  readonly unknown: (step: string, detail: string) => Check;
  readonly warning: (step: string, detail: string, remedy: string) => Check;
  readonly wrong: (step: string, detail: string, remedy: string) => Check;
}

/** Makes the checks of one section. */
export const checksOf = (section: string): Section => ({
  right: (step, detail) => ({ section, step, verdict: "right", detail }),
  unknown: (step, detail) => ({ section, step, verdict: "unknown", detail }),
  warning: (step, detail, remedy) => ({ section, step, verdict: "warning", detail, remedy }),
  wrong: (step, detail, remedy) => ({ section, step, verdict: "wrong", detail, remedy }),
});
