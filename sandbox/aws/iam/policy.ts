import { z } from "zod";

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]));

const statement = z.looseObject({
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
});

const document = z.object({
  Version: z.string().optional(),
  Statement: z.union([statement, z.array(statement)]).transform((value) => (Array.isArray(value) ? value : [value])),
});

/** An identity policy: statements of actions and resources. */
export type Policy = z.infer<typeof document>;

/** One permission that a request needs: an action such as `dynamodb:PutItem` on one ARN. */
export interface Access {
  readonly action: string;
  readonly resource: string;
}

export type Verdict = "allowed" | "explicitDeny" | "implicitDeny";

/** Reads a policy declared as JSON text or as an object. @throws Error with IAM's words for a malformed policy */
export function parsePolicy(input: unknown): Policy {
  let value = input;
  if (typeof input === "string") {
    try {
      value = JSON.parse(input);
    } catch {
      throw new Error("MalformedPolicyDocument: Syntax errors in policy.");
    }
  }
  const parsed = document.safeParse(value);
  if (!parsed.success) throw new Error(`MalformedPolicyDocument: ${z.prettifyError(parsed.error)}`);
  for (const { Action, NotAction, Resource, NotResource } of parsed.data.Statement) {
    if (Action === undefined && NotAction === undefined) {
      throw new Error("MalformedPolicyDocument: Policy statement must contain actions.");
    }
    if (Resource === undefined && NotResource === undefined) {
      throw new Error("MalformedPolicyDocument: Policy statement must contain resources.");
    }
  }
  return parsed.data;
}

/**
 * Decides as IAM does: an explicit Deny wins, then any Allow; otherwise the answer is no. Elements that this does not
 * evaluate (Condition, NotAction, NotResource) fail closed: such an Allow allows nothing, and such a Deny denies
 * everything it might cover.
 */
export function evaluate(policies: Iterable<Policy>, access: Access): Verdict {
  let verdict: Verdict = "implicitDeny";
  for (const { Statement } of policies) {
    for (const entry of Statement) {
      const { Effect, Action, Resource, Condition, NotAction, NotResource } = entry;
      const named =
        (Action ?? []).some((pattern) => matches(pattern.toLowerCase(), access.action.toLowerCase())) &&
        (Resource ?? []).some((pattern) => matches(pattern, access.resource));
      if (Effect === "Deny") {
        if (named || NotAction !== undefined || NotResource !== undefined) return "explicitDeny";
      } else if (named && Condition === undefined && NotAction === undefined && NotResource === undefined) {
        verdict = "allowed";
      }
    }
  }
  return verdict;
}

/** Whether a text matches a pattern in which `*` matches any characters and `?` matches one. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
