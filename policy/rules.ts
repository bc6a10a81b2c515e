import { at, isRecord, texts, type Properties, type Resource } from "./resource.ts";

/** A sentence that says what is wrong and how to fix it. It never contains a value that could be a secret. */
export type Violation = { readonly urn: string; readonly message: string };

export interface ResourceRule {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly check: (resource: Resource) => string[];
}

export interface StackRule {
  readonly name: string;
  readonly description: string;
  readonly check: (resources: readonly Resource[]) => Violation[];
}

/** Runtimes that AWS supports (Lambda runtimes page, November 2026). */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];

const PASSWORD = "random:index/randomPassword:RandomPassword";
const TABLE = "aws:dynamodb/table:Table";
const DIRECTORY = "okta-scim-directory:index:ScimDirectory";

export const resourceRules: readonly ResourceRule[] = [
  {
    name: "token-hashes-only",
    description: "A function receives only hashes of its tokens, never a token.",
    type: "aws:lambda/function:Function",
    check: ({ props }) => {
      const variables = at(props, "environment", "variables");
      return Object.entries(isRecord(variables) ? variables : {})
        .filter(([name, value]) => /token|secret|password/i.test(name) && typeof value === "string")
        .filter(([, value]) => !holdsHashesOnly(value))
        .map(
          ([name]) =>
            `the variable ${name} contains a value that is not a SHA-256 hash; give the function only TOKEN_HASHES`,
        );
    },
  },
  {
    name: "runtime-supported",
    description: "A function runs on a runtime that AWS still supports.",
    type: "aws:lambda/function:Function",
    check: ({ props }) => {
      const { runtime } = props;
      if (runtime === undefined || RUNTIMES.some((supported) => supported === runtime)) return [];
      return [`the runtime ${JSON.stringify(runtime)} is not supported; use ${RUNTIMES.join(" or ")}`];
    },
  },
  {
    name: "no-wildcard-in-iam",
    description: "A policy names exact actions and exact resources, without wildcards.",
    type: "aws:iam/rolePolicy:RolePolicy",
    check: ({ props }) => wildcards(props["policy"]),
  },
  {
    name: "log-retention-set",
    description: "A log group has a retention time.",
    type: "aws:cloudwatch/logGroup:LogGroup",
    check: ({ props }) =>
      Number(props["retentionInDays"] ?? 0) > 0
        ? []
        : ["retentionInDays is not set; without it, logs are kept forever; set the number of days"],
  },
  {
    name: "api-throttled",
    description: "The stage of an API limits the rate of requests.",
    type: "aws:apigatewayv2/stage:Stage",
    check: ({ props }) =>
      ["throttlingRateLimit", "throttlingBurstLimit"]
        .filter((key) => !(Number(at(props, "defaultRouteSettings", key) ?? 0) > 0))
        .map((key) => `defaultRouteSettings.${key} is not set; without it one client can use up the account's limit`),
  },
];

export const stackRules: readonly StackRule[] = [
  {
    name: "token-nowhere-in-plain-text",
    description: "Only the resource that generates a token contains it.",
    check: (resources) => {
      const tokens = resources
        .filter(({ type }) => type === PASSWORD)
        .flatMap(({ props }) => (typeof props["result"] === "string" ? [props["result"]] : []));
      return resources
        .filter(({ type }) => type !== PASSWORD && type !== "pulumi:pulumi:Stack" && type !== DIRECTORY)
        .flatMap(({ urn, props }) =>
          [...texts(props)]
            .filter(([, text]) => tokens.some((token) => text.includes(token)))
            .map(([path]) => ({ urn, message: `${path} contains a SCIM token; pass its SHA-256 hash instead` })),
        );
    },
  },
  {
    name: "tables-recoverable-and-protected",
    description: "A table in production has point-in-time recovery and deletion protection.",
    check: (resources) => {
      const development = resources.some(({ type, props }) => type === DIRECTORY && props["stage"] === "development");
      if (development) return [];
      return resources
        .filter(({ type }) => type === TABLE)
        .flatMap(({ urn, props, protect }) => {
          const missing = [
            ...(at(props, "pointInTimeRecovery", "enabled") === true ? [] : ["pointInTimeRecovery"]),
            ...(props["deletionProtectionEnabled"] === true ? [] : ["deletionProtectionEnabled"]),
            ...(protect ? [] : ["protect"]),
          ];
          if (missing.length === 0) return [];
          return [{ urn, message: `${missing.join(", ")} is off on a table of a production tenant; switch it on` }];
        });
    },
  },
  {
    name: "assigned-or-pushed",
    description: "No group is both assigned to the app and pushed to it (Okta advises against it).",
    check: (resources) => {
      const pairs = (type: string, group: string): [string, string][] =>
        resources.flatMap(({ type: its, urn, props }) => {
          const [app, id] = [props["appId"], props[group]];
          return its === type && typeof app === "string" && typeof id === "string" ? [[`${app} ${id}`, urn]] : [];
        });
      const assigned = new Set(pairs("okta:app/groupAssignment:GroupAssignment", "groupId").map(([pair]) => pair));
      return pairs("okta:index/pushGroup:PushGroup", "sourceGroupId")
        .filter(([pair]) => assigned.has(pair))
        .map(([, urn]) => ({ urn, message: "its group is also assigned to the app; push other groups" }));
    },
  },
];

const hashes = /^[0-9a-f]{64}$/;

function holdsHashesOnly(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) && parsed.every((entry) => hashes.test(String(at(entry, "sha256"))));
  } catch {
    return false;
  }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** A log group's streams have no other name than `<log group ARN>:*`. */
const streams = /^arn:aws[a-z-]*:logs:[^*]+:log-group:[^*]+:\*$/;

function wildcards(policy: unknown): string[] {
  const document: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
  return list(at(document, "Statement"))
    .filter((statement): statement is Properties => isRecord(statement) && statement["Effect"] !== "Deny")
    .flatMap((statement) => [
      ...(["NotAction", "NotResource"] as const)
        .filter((key) => key in statement)
        .map((key) => `${key} allows everything that it does not name; name exactly what is needed`),
      ...list(statement["Action"])
        .filter((action) => String(action).includes("*"))
        .map((action) => `the action ${String(action)} has a wildcard; name each action that is needed`),
      ...list(statement["Resource"])
        .filter((resource) => String(resource).includes("*") && !streams.test(String(resource)))
        .map((resource) => `the resource ${String(resource)} has a wildcard; name the resource`),
    ]);
}
