import type { Grant, Grants } from "./grants.ts";
import { rows } from "./rows.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Grant["condition"];
}

interface Document {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

const state = ["arn:aws:s3:::BUCKET/.pulumi/*"];
/** The state in an S3 bucket. A preview takes no lock and writes nothing there. */
const readState: Grants = {
  FindState: { actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::BUCKET"] },
  ReadState: { actions: ["s3:GetObject"], resources: state },
};
const writeState: Grants = { WriteState: { actions: ["s3:DeleteObject", "s3:PutObject"], resources: state } };

/** A list of one value as that value, as AWS itself writes it. */
const oneOrMore = ([first, ...rest]: readonly string[]): string | readonly string[] =>
  first !== undefined && rest.length === 0 ? first : [...(first === undefined ? [] : [first]), ...rest];

/** Statements of grants; those on the same resources under the same condition are one, under the first name. */
function statementsOf(grants: Grants): readonly Statement[] {
  const merged = new Map<string, { sid: string; grant: Grant; actions: Set<string> }>();
  for (const [sid, grant] of Object.entries(grants)) {
    const key = JSON.stringify([grant.resources, grant.condition]);
    const known = merged.get(key) ?? { sid, grant, actions: new Set<string>() };
    for (const action of grant.actions) known.actions.add(action);
    merged.set(key, known);
  }
  return [...merged.values()].map(({ sid, grant: { resources, condition }, actions }) => ({
    Sid: sid,
    Effect: "Allow",
    Action: oneOrMore([...actions].sort()),
    Resource: oneOrMore(resources),
    ...(condition === undefined ? {} : { Condition: condition }),
  }));
}

const policy = (Statement: readonly Statement[]): Document => ({ Version: "2012-10-17", Statement });

const all = (access: "read" | "write"): Grants =>
  Object.assign({}, ...Object.values(rows).map((row) => row[access])) as Grants;

/** One role's trust in the jobs of one GitHub environment, and in nothing else. */
const trust: Document = policy([
  {
    Sid: "JobsOfTheEnvironment",
    Effect: "Allow",
    Principal: { Federated: "arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com" },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:ORG/REPO:environment:ENVIRONMENT",
      },
    },
  },
]);

const roleArn = (name: string): string => `arn:aws:iam::ACCOUNT:role/${name}`;

/**
 * The policy of the key that encrypts the stacks' secrets. In the policy of a key the resource `*` is that key. The
 * policy does not delegate to IAM, so no other policy of the account can grant decryption.
 */
const secretsKey: Document = policy([
  {
    Sid: "Administer",
    Effect: "Allow",
    Principal: { AWS: roleArn("KEY_ADMINISTRATOR") },
    Action: [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:UpdateAlias",
    ],
    Resource: "*",
  },
  {
    Sid: "CreateStacks",
    Effect: "Allow",
    Principal: { AWS: roleArn("STACK_CREATOR") },
    Action: ["kms:Decrypt", "kms:Encrypt"],
    Resource: "*",
  },
  {
    Sid: "RunStacks",
    Effect: "Allow",
    Principal: { AWS: [roleArn("DEPLOY_ROLE"), roleArn("DRIFT_ROLE")] },
    Action: "kms:Decrypt",
    Resource: "*",
  },
]);

/** The files below `docs/policies`, each a policy of AWS with placeholders. */
export const documents: Readonly<Record<string, Document>> = {
  "trust.json": trust,
  "preview.json": policy(statementsOf({ ...readState, ...all("read") })),
  "deploy.json": policy(statementsOf({ ...writeState, ...all("write") })),
  "secrets-key.json": secretsKey,
};

/** The table in `docs/roles.md`: each type with the actions to read it, and those that writing takes besides. */
export function roleTable(): string {
  const actionsOf = (grants: Grants): string =>
    namesOf(grants)
      .map((action) => `\`${action}\``)
      .join(", ") || "–";
  const lines = Object.entries(rows).map(
    ([type, { read, write }]) => `| \`${type}\` | ${actionsOf(read)} | ${actionsOf(write)} |`,
  );
  return ["| type | `preview.json` | `deploy.json` |", "| --- | --- | --- |", ...lines].join("\n");
}

const namesOf = (grants: Grants): readonly string[] =>
  [...new Set(Object.values(grants).flatMap(({ actions }) => actions))].sort();
