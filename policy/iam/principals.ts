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

/** A text without a wildcard, or an ARN that names its account: a bucket's ARN has none, and may be anybody's one day. */
function isNamed(value: unknown): boolean {
  if (typeof value !== "string" || value === "") return false;
  if (!value.startsWith("arn:")) return !hasWildcard(value);
  const { partition, service, region, account, parts } = arnOf(value);
  const [first = ""] = parts;
  return account !== "" && first !== "" && ![partition, service, region, account, first].some(hasWildcard);
}

/** Services whose resources have names alone. Others put a type before the name: `rule/nightly`. */
const nameFirst = new Set(["execute-api", "s3", "sns", "sqs"]);

/**
 * Whether an ARN with wildcards still names service, region and account, and one resource: its type and name, or the part
 * that is its name alone.
 */
export function isNamedArn(arn: string): boolean {
  const { scheme, partition, service, region, account, parts } = arnOf(arn);
  const [first = "", second] = parts;
  const name = nameFirst.has(service) || second === undefined ? first : second;
  const named = [partition, service, region, account, first, name];
  return scheme === "arn" && service !== "" && first !== "" && name !== "" && !named.some(hasWildcard);
}

function arnOf(arn: string) {
  const [scheme = "", partition = "", service = "", region = "", account = "", ...rest] = arn.split(":");
  // The name of a log group has slashes, and the ARN of its streams ends in `:*`.
  const [, group] = /^log-group:(.*?)(:\*)?$/.exec(rest.join(":")) ?? [];
  const parts = group === undefined ? rest.join(":").split(/[/:]/) : ["log-group", group];
  return { scheme, partition, service, region, account, parts };
}
