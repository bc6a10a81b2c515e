import { at, list, type Resource } from "../model/resource.ts";
import type { ResourceRule } from "../model/rule.ts";
import { allowing, hasWildcard, readDocument, type Statement } from "./document.ts";

/** IAM, IAM Identity Center, whose permission sets hold policies of IAM, and QuickSight, which gives them to its users. */
const isIam = (type: string): boolean => /^aws:(iam\/|ssoadmin\/|quicksight\/iamPolicyAssignment:)/.test(type);

/**
 * A log group's streams have no other name than `<log group ARN>:*`. AWS offers `dynamodb:ListStreams` only for all streams
 * of a table.
 */
const streams = /^arn:aws[a-z-]*:(logs:[^*?]+:log-group:[^*?]+:\*|dynamodb:[^*?]+:table\/[^*?/]+\/stream\/\*)$/;
/** ARN of a policy that AWS manages: its account is `aws`. */
const managedByAws = /^arn:aws[a-z-]*:iam::aws:policy\//;

interface Found {
  readonly path: string;
  readonly policy: unknown;
}

/** The policies of a resource of IAM: its own, and the policies inside a role, user, group or permission set. */
const policiesOf = ({ props }: Resource): readonly Found[] => [
  ...["policy", "inlinePolicy"].flatMap((path) => (props[path] === undefined ? [] : [{ path, policy: props[path] }])),
  ...list(props["inlinePolicies"])
    .map((inline, index) => ({ path: `inlinePolicies[${index}].policy`, policy: at(inline, "policy") }))
    .filter(({ policy }) => policy !== undefined),
];

const each = (resource: Resource, judge: (statement: Statement) => readonly string[]): readonly string[] =>
  policiesOf(resource).flatMap(({ path, policy }) =>
    allowing(readDocument(policy))
      .flatMap(judge)
      .map((message) => `${path}: ${message}`),
  );

/** Properties that hold ARNs of policies. */
const attached = ["policyArn", "policyArns", "managedPolicyArn", "managedPolicyArns"];

export const noWildcardInIam: ResourceRule = {
  name: "no-wildcard-in-iam",
  description:
    "A policy of IAM allows actions and resources by their exact names, without * and ?, except the streams of one log group or one table." +
    " A policy of IAM states what it allows, never NotAction or NotResource." +
    " Nobody is given a policy that AWS manages, because it names no exact resources." +
    " A policy of IAM is a JSON object with statements.",
  appliesTo: isIam,
  reads: ["policy", "inlinePolicy", "inlinePolicies", ...attached],
  check: (resource) => [
    ...policiesOf(resource).flatMap(({ path, policy }) => {
      const { problem } = readDocument(policy);
      return problem === undefined
        ? []
        : [`${path} ${problem}; write {"Version", "Statement"} as an object or as JSON`];
    }),
    ...each(resource, wildcards),
    ...attached.flatMap((property) =>
      list(resource.props[property])
        .filter((arn) => managedByAws.test(String(arn)))
        .map(
          (arn) =>
            `${property}: AWS manages ${String(arn)}; write the actions that are needed into a policy of the stack`,
        ),
    ),
  ],
};

function wildcards(statement: Statement): readonly string[] {
  return [
    ...["NotAction", "NotResource"]
      .filter((key) => statement.has(key))
      .map((key) => `${key} allows everything that it does not name; name exactly what is needed`),
    ...statement
      .valuesOf("Action")
      .filter(hasWildcard)
      .map((action) => `the action ${String(action)} has a wildcard; name each action that is needed`),
    ...statement
      .valuesOf("Resource")
      .filter((resource) => hasWildcard(resource) && !streams.test(String(resource)))
      .map((resource) => `the resource ${String(resource)} has a wildcard; name the resource`),
  ];
}

/** With one of these a principal can give itself more than its policy says. */
const handsOnPower =
  /^(iam|organizations|account|rolesanywhere|sso|sso-directory|sso-oauth|identitystore|identitystore-auth|identity-sync):/i;
/** Actions of STS that tell something and give nothing. Every other one gives or changes a session. */
const tells = /^sts:(getcalleridentity|getaccesskeyinfo|decodeauthorizationmessage)$/i;
const givesPower = (action: string): boolean =>
  handsOnPower.test(action) || (/^sts:/i.test(action) && !tells.test(action));

export const noEscalationInIam: ResourceRule = {
  name: "no-escalation-in-iam",
  description:
    "A policy of IAM grants no action of IAM, Organizations or IAM Identity Center, and no role or session of AWS STS.",
  appliesTo: isIam,
  reads: ["policy", "inlinePolicy", "inlinePolicies"],
  check: (resource) =>
    each(resource, (statement) =>
      statement
        .valuesOf("Action")
        .filter((action) => givesPower(String(action)))
        .map((action) => `the action ${String(action)} hands on rights; a SCIM service needs none of them, remove it`),
    ),
};
