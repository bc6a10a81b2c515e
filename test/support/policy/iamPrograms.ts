import { ACCOUNT, one, policyJson, readItem, TABLE_ARN, type Program, type Sentence } from "./programs.ts";

const rolePolicy = (statement: Readonly<Record<string, unknown>>): Program =>
  one("aws:iam/rolePolicy:RolePolicy", { role: "r", policy: policyJson({ ...readItem, ...statement }) });
const inline = (statement: Readonly<Record<string, unknown>>): Program =>
  one("aws:iam/role:Role", { inlinePolicies: [{ name: "p", policy: policyJson({ ...readItem, ...statement }) }] });
const trust = (statement: Readonly<Record<string, unknown>>): Program =>
  one("aws:iam/role:Role", { assumeRolePolicy: policyJson({ Action: "sts:AssumeRole", ...statement }) });
const github = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const ofGithub = (condition?: unknown): Program =>
  trust({
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: github },
    ...(condition === undefined ? {} : { Condition: condition }),
  });
const sub = "token.actions.githubusercontent.com:sub";

export const noWildcardInIam: readonly Sentence[] = [
  {
    sentence:
      "A policy of IAM allows actions and resources by their exact names, without * and ?, except the streams of one log group or one table.",
    violating: {
      "every action": rolePolicy({ Action: "*" }),
      "every action of a service": rolePolicy({ Action: ["dynamodb:GetItem", "dynamodb:*"] }),
      "actions by question marks": rolePolicy({ Action: "dynamodb:Get????" }),
      "every resource": rolePolicy({ Resource: "*" }),
      "a table by question marks": rolePolicy({ Resource: `${TABLE_ARN}????` }),
      "the indexes of a table": rolePolicy({ Resource: [TABLE_ARN, `${TABLE_ARN}/index/*`] }),
      "the streams of every log group": rolePolicy({ Resource: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:*:*` }),
      "the streams of every table": rolePolicy({
        Action: "dynamodb:ListStreams",
        Resource: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/*/stream/*`,
      }),
      "a managed policy": one("aws:iam/policy:Policy", { policy: policyJson({ Action: "*", Resource: TABLE_ARN }) }),
      "a user's policy": one("aws:iam/userPolicy:UserPolicy", { policy: policyJson({ ...readItem, Resource: "*" }) }),
      "a group's policy": one("aws:iam/groupPolicy:GroupPolicy", {
        policy: policyJson({ ...readItem, Action: "s3:*" }),
      }),
      "an inline policy of a role": inline({ Resource: "*" }),
      "a policy given as an object": one("aws:iam/rolePolicy:RolePolicy", {
        policy: { Statement: { Effect: "Allow", Action: "dynamodb:*", Resource: TABLE_ARN } },
      }),
      "keys in another case": one("aws:iam/rolePolicy:RolePolicy", {
        policy: JSON.stringify({ statement: [{ effect: "Allow", aCTION: "*", resource: TABLE_ARN }] }),
      }),
      "a second key in another case": rolePolicy({ action: "dynamodb:*" }),
      "a permission set of Identity Center": one("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
        inlinePolicy: policyJson({ ...readItem, Action: "dynamodb:*" }),
      }),
      "a statement without an effect": one("aws:iam/rolePolicy:RolePolicy", {
        policy: JSON.stringify({ Statement: [{ Action: "*", Resource: TABLE_ARN }] }),
      }),
    },
    allowed: {
      "an exact action on an exact table": rolePolicy({}),
      "the streams of one log group": rolePolicy({
        Action: "logs:PutLogEvents",
        Resource: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/acme:*`,
      }),
      "the streams of one table": rolePolicy({ Action: "dynamodb:ListStreams", Resource: `${TABLE_ARN}/stream/*` }),
      "a denial of everything": rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" }),
    },
  },
  {
    sentence: "A policy of IAM states what it allows, never NotAction or NotResource.",
    violating: {
      NotAction: rolePolicy({ NotAction: "iam:PassRole" }),
      NotResource: rolePolicy({ NotResource: TABLE_ARN }),
      "NotAction in lower case": inline({ notaction: ["s3:GetObject"] }),
      "NotResource in a managed policy": one("aws:iam/policy:Policy", {
        policy: { Statement: [{ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::b" }] },
      }),
    },
    allowed: { "a denial of what is not named": rolePolicy({ Effect: "Deny", NotAction: "s3:GetObject" }) },
  },
  {
    sentence: "Nobody is given a policy that AWS manages, because it names no exact resources.",
    violating: Object.fromEntries(
      [
        ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"],
        ["aws:iam/userPolicyAttachment:UserPolicyAttachment", "policyArn"],
        ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn"],
        ["aws:iam/policyAttachment:PolicyAttachment", "policyArn"],
        ["aws:iam/role:Role", "managedPolicyArns"],
        ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns"],
        ["aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "policyArns"],
        ["aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "policyArns"],
        ["aws:quicksight/iamPolicyAssignment:IamPolicyAssignment", "policyArn"],
        ["aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managedPolicyArn"],
        ["aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive", "managedPolicyArns"],
      ].map(([type = "", property = ""]) => {
        const arn = "arn:aws:iam::aws:policy/AdministratorAccess";
        return [`${type} of administrators`, one(type, { [property]: property.endsWith("s") ? [arn] : arn })];
      }),
    ),
    allowed: {
      "a policy of the account": one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: `arn:aws:iam::${ACCOUNT}:policy/acme`,
      }),
      "a policy of the account for users of QuickSight": one("aws:quicksight/iamPolicyAssignment:IamPolicyAssignment", {
        ...{ assignmentName: "a", assignmentStatus: "ENABLED", policyArn: `arn:aws:iam::${ACCOUNT}:policy/acme` },
      }),
    },
  },
  {
    sentence: "A policy of IAM is a JSON object with statements.",
    violating: {
      "a text": one("aws:iam/rolePolicy:RolePolicy", { policy: "allow everything" }),
      "JSON cut short": one("aws:iam/policy:Policy", { policy: policyJson(readItem).slice(0, -1) }),
      "an empty text": one("aws:iam/userPolicy:UserPolicy", { policy: "" }),
      "a list": one("aws:iam/groupPolicy:GroupPolicy", { policy: "[]" }),
      "an object without statements": one("aws:iam/rolePolicy:RolePolicy", { policy: {} }),
      "a statement that is a text": one("aws:iam/rolePolicy:RolePolicy", { policy: { Statement: ["all"] } }),
      "an inline policy that is no JSON": one("aws:iam/role:Role", { inlinePolicies: [{ name: "p", policy: "{" }] }),
    },
    allowed: {
      "an object": one("aws:iam/rolePolicy:RolePolicy", { policy: { Statement: { Effect: "Allow", ...readItem } } }),
    },
  },
];

export const noEscalationInIam: readonly Sentence[] = [
  {
    sentence:
      "A policy of IAM grants no action of IAM, Organizations or IAM Identity Center, and no role or session of AWS STS.",
    violating: {
      "iam:PassRole": rolePolicy({ Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role/admin` }),
      "sts:AssumeRole": rolePolicy({ Action: ["dynamodb:GetItem", "STS:assumeRole"] }),
      "a policy for itself": inline({ Action: "iam:PutRolePolicy" }),
      "a managed policy": one("aws:iam/policy:Policy", {
        policy: { statement: { effect: "Allow", action: "iam:CreateAccessKey", resource: "arn:aws:iam::1:user/u" } },
      }),
      "a user of Identity Center": rolePolicy({ Action: "sso-directory:CreateUser" }),
      "sessions of Identity Center": rolePolicy({ Action: "identitystore-auth:BatchDeleteSession" }),
      "a token of STS": rolePolicy({ Action: "sts:GetWebIdentityToken" }),
      "tags of a session": rolePolicy({ Action: "sts:TagSession" }),
      "a permission set": one("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
        inlinePolicy: policyJson({ ...readItem, Action: "iam:PassRole" }),
      }),
      "a federation token": rolePolicy({ Action: "sts:GetFederationToken" }),
    },
    allowed: {
      "an action on data": rolePolicy({}),
      "who calls": rolePolicy({ Action: "sts:GetCallerIdentity" }),
      "a denial": rolePolicy({ Effect: "Deny", Action: "iam:PassRole" }),
      "a trust policy": trust({ Principal: { Service: "lambda.amazonaws.com" } }),
    },
  },
];

export const roleTrust: readonly Sentence[] = [
  {
    sentence: "A role names the principals that may assume it: no wildcard, no NotPrincipal, no whole account.",
    violating: {
      everybody: trust({ Principal: "*" }),
      "every principal of AWS": trust({ Principal: { AWS: "*" } }),
      "everybody in a list": trust({ Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:role/a`, "*"] } }),
      "everybody in keys of another case": one("aws:iam/role:Role", {
        assumeRolePolicy: { statement: { effect: "Allow", principal: { aws: "*" }, action: "sts:AssumeRole" } },
      }),
      "everybody under a condition": trust({ Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      "a pattern of roles": trust({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/*` } }),
      "every service": trust({ Principal: { Service: "*" } }),
      NotPrincipal: trust({ NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:role/a` } }),
      "the root of an account": trust({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
      "an account's number": trust({ Principal: { AWS: ACCOUNT } }),
      "an account's number that is no text": trust({ Principal: { AWS: Number(ACCOUNT) } }),
    },
    allowed: {
      "a service": trust({ Principal: { Service: "lambda.amazonaws.com" } }),
      "a role": trust({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/deploy` } }),
      "a denial to everybody": trust({ Effect: "Deny", Principal: "*" }),
    },
  },
  {
    sentence: "A role that users of an OpenID Connect provider may assume names their subject.",
    violating: {
      "every workflow on GitHub": ofGithub(),
      "every workflow for AWS": ofGithub({
        StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
      }),
      "any subject": ofGithub({ StringLike: { [sub]: "*" } }),
      "the repositories of anybody": ofGithub({ StringLike: { [sub]: "repo:*" } }),
      "a provider whose address speaks of SAML": trust({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example.com/:saml-provider/okta` },
      }),
      "an address that is no ARN": trust({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "idp.example.com/:saml-provider/" },
      }),
      "one subject or any": ofGithub({ StringLike: { [sub]: ["repo:acme/tenants:*", "*"] } }),
    },
    allowed: {
      "one environment": ofGithub({ StringEquals: { [sub]: "repo:acme/tenants:environment:production" } }),
      "one repository": ofGithub({ StringLike: { [sub]: "repo:acme/tenants:*" } }),
      "a SAML provider": trust({
        Action: "sts:AssumeRoleWithSAML",
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/okta` },
      }),
    },
  },
  {
    sentence: "A role's trust policy is a JSON object with statements.",
    violating: {
      "a text": one("aws:iam/role:Role", { assumeRolePolicy: "lambda.amazonaws.com" }),
      "JSON cut short": one("aws:iam/role:Role", { assumeRolePolicy: '{"Statement": [' }),
      "no statements": one("aws:iam/role:Role", { assumeRolePolicy: { Version: "2012-10-17" } }),
    },
    allowed: { "an object": one("aws:iam/role:Role", { assumeRolePolicy: { Statement: [] } }) },
  },
];
