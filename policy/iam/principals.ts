import { isRecord } from "../model/resource.ts";
import { hasWildcard, type Statement } from "./document.ts";

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`, or empty for `"Principal": "*"`. */
  readonly kind: string;
  readonly value: string;
}

export function principalsOf(statement: Statement): readonly Principal[] {
  return statement.valuesOf("Principal").flatMap((principal) => {
    if (!isRecord(principal)) return [{ kind: "", value: String(principal) }];
    return Object.entries(principal).flatMap(([kind, values]) =>
      (Array.isArray(values) ? values : [values])
        .filter((value) => typeof value === "string" || typeof value === "number")
        .map((value) => ({ kind, value: String(value) })),
    );
  });
}

/** Whether the principal is everybody, or everybody whose name matches a pattern. */
export const isAnybody = ({ value }: Principal): boolean => hasWildcard(value);

const account = /^(\d{12}|arn:aws[a-z-]*:iam::\d{12}:root)$/;
export const isWholeAccount = ({ value }: Principal): boolean => account.test(value);

/** Condition keys that name the caller or what it calls for. */
const naming = new Set(
  [
    ...["SourceArn", "SourceAccount", "SourceOrgID", "SourceVpc", "SourceVpce", "SourceOwner"],
    ...["PrincipalArn", "PrincipalAccount", "PrincipalOrgID"],
  ]
    .map((key) => `aws:${key}`)
    .concat("kms:CallerAccount")
    .map((key) => key.toLowerCase()),
);
/** Operators that are false for a caller without the key. `…IfExists` and `ForAllValues:` are true for it. */
const strict = /^(foranyvalue:)?(stringequals(ignorecase)?|stringlike|arnequals|arnlike)$/i;

/** Whether a condition narrows the statement to callers that it names, and not by a mere wildcard. */
export function isNarrowed(statement: Statement): boolean {
  return statement.valuesOf("Condition").some(
    (condition) =>
      isRecord(condition) &&
      Object.entries(condition).some(
        ([operator, keys]) =>
          strict.test(operator) &&
          isRecord(keys) &&
          Object.entries(keys).some(([key, values]) => {
            const named = (Array.isArray(values) ? values : [values]) as unknown[];
            return naming.has(key.toLowerCase()) && named.length > 0 && named.every(isNamed);
          }),
      ),
  );
}

/** A text without a wildcard, or an ARN that names its account or, if ARNs of its service have none, the resource. */
function isNamed(value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (!hasWildcard(value)) return value !== "";
  return isNamedArn(value);
}

/** Whether an ARN with wildcards still names service, region and account, and the first part of the resource. */
export function isNamedArn(arn: string): boolean {
  const [scheme, partition, service, region, owner, ...rest] = arn.split(":");
  const [first = ""] = rest.join(":").split(/[/:]/);
  const parts = [partition, service, region, owner, first];
  return scheme === "arn" && first !== "" && !parts.some(hasWildcard) && service !== undefined && service !== "";
}
