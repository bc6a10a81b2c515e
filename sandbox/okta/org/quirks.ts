import { z } from "zod";

const every = z.int().min(0);

/** The options of `--org-option KEY=VALUE`. */
const quirks = z.strictObject({
  rulesLockedEvery: every.default(0),
  ruleLifecycleLockedEvery: every.default(0),
  failedMappingsLocked: z.boolean().default(false),
  putForgetsScim: z.boolean().default(false),
  appUsersWithoutReason: z.boolean().default(false),
});

/** Awkward behaviour of real orgs. A test may change it while the org runs. */
export interface Quirks {
  /** Answers every Nth change of a group rule, lifecycle calls included, with 423 E0000239; 0 never does. */
  rulesLockedEvery: number;
  /** Answers every Nth activation or deactivation of a group rule with 423 E0000239; 0 never does. */
  ruleLifecycleLockedEvery: number;
  /** Refuses every change of a push mapping in status ERROR with 400. */
  failedMappingsLocked: boolean;
  /** An update of an app through the API sets Provisioning to None (okta/terraform-provider-okta#655). */
  putForgetsScim: boolean;
  /** Leaves `errorMessage`, which is not in Okta's published schema, out of an app's users. */
  appUsersWithoutReason: boolean;
}

/** One line for each option, for a command's usage. */
export const quirksHelp: Readonly<Record<keyof Quirks, string>> = {
  rulesLockedEvery: "N: every Nth change of a group rule is answered with 423",
  ruleLifecycleLockedEvery: "N: every Nth activation or deactivation of a group rule is answered with 423",
  failedMappingsLocked: "true: a push mapping in ERROR refuses every change",
  putForgetsScim: "true: an update of an app switches its SCIM provisioning off",
  appUsersWithoutReason: "true: the API gives no errorMessage of people whose provisioning failed",
};

export const createQuirks = (given: Partial<Quirks> = {}): Quirks => quirks.parse(given);

/**
 * Reads options given as text, for example `rulesLockedEvery` → `3`.
 * @throws Error that names every wrong option and what is allowed
 */
export function readQuirks(given: ReadonlyMap<string, string>): Quirks {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, text] of given) {
    const schema = Object.hasOwn(quirks.shape, key) ? quirks.shape[key as keyof Quirks] : undefined;
    const parsed = schema?.safeParse(json(text));
    if (parsed?.success === true) values[key] = parsed.data;
    else
      problems.push(
        schema === undefined
          ? `--org-option ${key}: unknown; allowed: ${Object.keys(quirks.shape).join(", ")}`
          : `--org-option ${key}=${text}: allowed: ${quirksHelp[key as keyof Quirks]}`,
      );
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return quirks.parse(values);
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
