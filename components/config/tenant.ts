import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { attributePaths, checkAttributes } from "../../lambda/scim/schema/index.ts";
import { configHelp } from "./help.ts";
import { problemsError, type Problem } from "./errors.ts";
import { pushGroupProblems } from "./pushGroupRules.ts";

/** The configuration namespace: keys of a stack file read `okta-scim-directory:<key>`. */
export const NAMESPACE = "okta-scim-directory";

const text = z.string().trim().min(1);
const groupName = text.max(255);
/** Part of a group's name; a blank at its end belongs to it, but blanks alone would find all groups. */
const pattern = z.string().max(255).regex(/\S/);
const hostName = z.string().regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/);

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** What Okta's preparation guide asks of a base URL; plain http is for a service on this machine only. */
const scimBaseUrl = z
  .url({ protocol: /^https?$/ })
  .superRefine((text, context) => {
    if (!URL.canParse(text)) return; // reported by the check before
    const url = new URL(text);
    const wrong = [
      url.protocol === "http:" && !LOOPBACK.has(url.hostname) ? "is not https" : "",
      text.includes("_") ? "has an underscore, which Okta refuses in a base URL" : "",
      /[?#]/.test(text) || url.username !== "" || url.password !== "" ? "has more than host and path" : "",
    ];
    for (const message of wrong) if (message !== "") context.addIssue({ code: "custom", message });
  })
  .transform((url) => url.replace(/\/+$/, ""));

const pushGroup = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z
    .strictObject({
      name: groupName.optional(),
      id: z
        .string()
        .regex(/^00g[A-Za-z0-9]+$/)
        .optional(),
      startsWith: pattern.optional(),
      contains: pattern.optional(),
      create: z.boolean().default(false),
      targetName: groupName.optional(),
      keepTargetOnDelete: z.boolean().default(false),
      status: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE"),
    })
    .superRefine((entry, context) => {
      const selectors = [entry.name, entry.id, entry.startsWith, entry.contains].filter((s) => s !== undefined);
      if (selectors.length !== 1) {
        context.addIssue({ code: "custom", message: "names its group in no way or in more than one" });
      }
      if (entry.create && entry.name === undefined) {
        context.addIssue({ code: "custom", message: "has create without a name" });
      }
      if (entry.targetName !== undefined && (entry.startsWith !== undefined || entry.contains !== undefined)) {
        context.addIssue({ code: "custom", message: "gives one targetName to all groups that match" });
      }
    }),
);

/** The whole of the configuration table; one schema a key, so that a mistake in one hides none in another. */
const schemas = {
  tenant: z.string().regex(/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/),
  endpoint: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("managed"),
        domain: z.strictObject({ name: hostName, hostedZoneId: z.string().regex(/^Z[A-Z0-9]{3,31}$/) }).optional(),
      }),
      z.strictObject({
        kind: z.literal("external"),
        baseUrl: scimBaseUrl,
        token: text,
      }),
    ])
    .prefault({ kind: "managed" }),
  app: z
    .strictObject({
      label: text.max(100).default("Iru Endpoint SCIM"),
      template: z.enum(["saml", "scim2headerauth"]).default("saml"),
      userNameTemplate: text.default("${source.login}"),
    })
    .prefault({}),
  connection: z.enum(["pending", "ready"]).default("pending"),
  provisioning: z
    .strictObject({
      createUsers: z.boolean().default(true),
      updateUserAttributes: z.boolean().default(true),
      deactivateUsers: z.boolean().default(true),
    })
    .prefault({}),
  assignmentGroup: groupName.default("iru_endpoint_users"),
  pushGroups: z.array(pushGroup).max(1000).default([]),
  groupRules: z.enum(["automatic", "none"]).default("automatic"),
  attributes: z
    .union([z.enum(["iru", "standard"]), z.array(z.string()).min(1)], {
      error: "is neither iru, standard nor a list of attributes",
    })
    .superRefine((setting, context) => {
      if (typeof setting === "string") return;
      for (const unknown of checkAttributes(setting)) {
        context.addIssue({
          code: "custom",
          message: `names ${JSON.stringify(unknown)}, which RFC 7643 does not define`,
        });
      }
    })
    .default("iru"),
  attributeMapping: z.boolean().default(false),
  throttle: z
    .strictObject({
      ratePerSecond: z.int().min(1).max(10_000).default(500),
      burst: z.int().min(1).max(5_000).default(1_000),
    })
    .prefault({}),
  reservedConcurrency: z.int().min(1).max(1_000).optional(),
  tokenGeneration: z.int().min(1).max(100_000).default(1),
  acceptPreviousToken: z.boolean().default(true),
  stage: z.enum(["production", "development"]).default("production"),
  alarms: z
    .strictObject({
      email: z.email().optional(),
      topicArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:sns:/)
        .optional(),
    })
    .optional(),
} as const;

type Key = keyof typeof schemas;
export type TenantConfig = { readonly [K in Key]: z.output<(typeof schemas)[K]> };
export type PushGroupEntry = TenantConfig["pushGroups"][number];

const keys = Object.keys(schemas) as Key[]; // Object.keys of a literal: exactly its keys
const plainText: ReadonlySet<string> = new Set(["tenant", "connection", "assignmentGroup", "groupRules", "stage"]);

/**
 * Reads one tenant's configuration from Pulumi's own form: text by fully qualified key, JSON where it is structured.
 * @throws UserError that lists every problem: path, what is wrong, what is allowed, how to fix it.
 */
export function parseTenantConfig(raw: Readonly<Record<string, string>>): TenantConfig {
  const prefix = `${NAMESPACE}:`;
  const given = Object.entries(raw)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, value] of given) {
    if (key in schemas) values[key] = plainText.has(key) ? value : fromText(value);
    else {
      problems.push({
        path: key,
        wrong: "is not a configuration key",
        allowed: keys.join(", "),
        fix: `remove ${prefix}${key} or correct its spelling`,
      });
    }
  }

  const read = <K extends Key>(key: K): z.output<(typeof schemas)[K]> | undefined => {
    const result = z.safeParse(schemas[key], values[key]);
    if (result.success) return result.data as z.output<(typeof schemas)[K]>;
    problems.push(...result.error.issues.map((issue) => problemOf(key, issue, values[key] === undefined)));
    return undefined;
  };
  const parsed = Object.fromEntries(keys.map((key) => [key, read(key)])) as Partial<TenantConfig>;

  if (parsed.pushGroups && parsed.assignmentGroup) {
    problems.push(...pushGroupProblems(parsed.pushGroups, parsed.assignmentGroup));
  }
  if (parsed.endpoint?.kind === "external" && parsed.alarms !== undefined) {
    problems.push({
      path: "alarms",
      wrong: "watches AWS resources, and an external endpoint has none",
      allowed: "alarms with endpoint.kind managed",
      fix: "remove alarms",
    });
  }
  if (problems.length > 0) throw problemsError("The configuration of this stack is not usable", problems);
  return parsed as TenantConfig; // no problem means that every key was read
}

/** The configuration of the stack that Pulumi runs now. */
export function readTenantConfig(): TenantConfig {
  return parseTenantConfig(pulumi.runtime.allConfig());
}

function fromText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function problemOf(key: Key, issue: z.core.$ZodIssue, missing: boolean): Problem {
  const path = [key, ...issue.path].map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  const help = configHelp([key, ...issue.path.map(String)], attributePaths());
  const wrong = missing && issue.path.length === 0 ? "is required and not set" : sentence(issue);
  return { path: path.join("").slice(1), wrong, ...help };
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `has unknown ${issue.keys.length === 1 ? "key" : "keys"} ${issue.keys.join(", ")}`;
    case "invalid_type":
      return issue.message.includes("received undefined") ? "is missing" : `is not of type ${issue.expected}`;
    case "invalid_value":
    case "invalid_union":
      return issue.message.startsWith("Invalid") ? "is not one of the allowed values" : issue.message;
    case "invalid_format":
      return "has the wrong form";
    case "too_small":
      return `is too small or too short (at least ${issue.minimum})`;
    case "too_big":
      return `is too large or too long (at most ${issue.maximum})`;
    default:
      return issue.message;
  }
}
