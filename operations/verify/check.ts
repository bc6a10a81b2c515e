/** A `warning` deserves a look but is not a fault. No public API tells the state of an `unknown` check. */
export type State = "right" | "warning" | "wrong" | "unknown";

/** One line of the checklist. */
export interface Check {
  /** Stable name for programs. For a check of each group, it ends in the group's label. */
  readonly id: string;
  /** The article's heading that the check stands under. */
  readonly section: string;
  readonly title: string;
  readonly state: State;
  readonly detail: string;
  /** The remedy; only for a wrong or doubtful result. */
  readonly remedy?: string;
}

interface Results {
  readonly right: (detail: string) => Check;
  readonly unknown: (detail: string, remedy?: string) => Check;
  readonly warning: (detail: string, remedy: string) => Check;
  readonly wrong: (detail: string, remedy: string) => Check;
}

/** The possible results of one check. */
export function checkOf(section: string, id: string, title: string): Results {
  const result = (state: State, detail: string, remedy?: string): Check => ({
    ...{ id, section, title, state, detail },
    ...(remedy === undefined ? {} : { remedy }),
  });
  return {
    right: (detail) => result("right", detail),
    unknown: (detail, remedy) => result("unknown", detail, remedy),
    warning: (detail, remedy) => result("warning", detail, remedy),
    wrong: (detail, remedy) => result("wrong", detail, remedy),
  };
}

/** The article's headings, in its order. */
export const sections = {
  prerequisites: "Prerequisites",
  integration: "Creating the SCIM integration in Okta",
  settings: "Configuring SCIM settings",
  provisioning: "Configure App Provisioning",
  people: "Users and groups",
  pushes: "Pushing groups",
  rules: "Automatically updating the assignment group",
} as const;

const MOST_NAMES = 10;

/** Names for people to read, sorted, the first ten of them. */
export function listNames(names: readonly string[]): string {
  const sorted = [...names].sort((a, b) => a.localeCompare(b, "en"));
  const shown = sorted.slice(0, MOST_NAMES).join(", ");
  return sorted.length > MOST_NAMES ? `${shown} and ${sorted.length - MOST_NAMES} more` : shown;
}

/** As `listNames`, each name in quotation marks. */
export const listQuoted = (names: readonly string[]): string => listNames(names.map((name) => JSON.stringify(name)));

/** A number with its noun: `1 person`, `13 people`. */
export const count = (many: number, one: string, several: string): string => `${many} ${many === 1 ? one : several}`;

/** Number and first names: `2 people (a@example.com, b@example.com)`. */
export const countNames = (names: readonly string[]): string =>
  `${count(names.length, "person", "people")} (${listNames(names)})`;
