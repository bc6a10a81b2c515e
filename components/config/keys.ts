import { z } from "zod";
import { attributePaths, checkAttributes } from "../../lambda/scim/schema/index.ts";
import { endpoint } from "./endpoint.ts";
import { events } from "./events.ts";
import { explain } from "./help.ts";
import { groupName, pushGroupEntry } from "./pushGroupEntry.ts";
import { readers } from "./readers.ts";

/** The most entries of `pushGroups`. */
export const MOST_PUSH_GROUPS = 1000;

/** The label of an app whose configuration gives none. */
export const defaultLabel = (tenant: string): string => `Iru Endpoint SCIM (${tenant})`;

const yesOrNo = (meaning: string) =>
  explain(z.boolean().default(true), { meaning, allowed: "true or false", example: "true" });

/**
 * Every key of a stack's configuration: its rule, its default and its help. `Pulumi.yaml` and `docs/configuration.md`
 * are generated from here (`npm run generate`). One schema for each key, so that a mistake in one key does not hide the
 * mistakes in another.
 */
export const schemas = {
  tenant: explain(z.string().regex(/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/), {
    meaning: "Slug of the tenant, part of every name",
    allowed: "2 to 24 of a-z, 0-9 and -, starting with a letter and not ending in -",
    example: "acme",
  }),
  endpoint,
  app: explain(
    z
      .strictObject({
        label: explain(z.string().trim().min(1).max(100).optional(), {
          meaning: "Name of the Okta app",
          allowed: "1 to 100 characters",
          example: "Acme directory",
          defaultText: `${defaultLabel("TENANT")}; the label of an imported app stays`,
        }),
        template: explain(z.enum(["saml", "scim2headerauth"]).default("saml"), {
          meaning:
            "saml is the custom SAML app of Iru's article; scim2headerauth is Okta's SCIM 2.0 Test App (Header Auth)",
          allowed: "saml or scim2headerauth",
          example: "saml",
        }),
        userNameTemplate: explain(z.string().trim().min(1).optional(), {
          meaning: "Okta expression that makes the userName",
          allowed: "an Okta expression such as ${source.login} or ${source.email}",
          example: "${source.login}",
          defaultText: "${source.login}; the expression of an imported app stays",
        }),
      })
      .prefault({}),
    { meaning: "The Okta app that carries the SCIM connection", allowed: "{label?, template?, userNameTemplate?}" },
  ),
  connection: explain(z.enum(["pending", "ready"]).default("pending"), {
    meaning: "pending until the console steps of nextSteps are done, then ready",
    allowed: "pending or ready",
    example: "pending",
  }),
  provisioning: explain(
    z
      .strictObject({
        createUsers: yesOrNo("Okta creates people in the directory"),
        updateUserAttributes: yesOrNo("Okta updates people in the directory"),
        deactivateUsers: yesOrNo("Okta deactivates people in the directory"),
      })
      .prefault({}),
    {
      meaning: "Provisioning actions that must be on in the app, and no others",
      allowed: "{createUsers?, updateUserAttributes?, deactivateUsers?}, each true or false",
    },
  ),
  assignmentGroup: explain(
    groupName
      .refine((name) => name.trim().toLowerCase() !== "everyone", "is Okta's built-in group of the whole org")
      .default("iru_endpoint_users"),
    {
      meaning: "Name of the Okta group whose members are provisioned; the stack creates the group",
      allowed: "a group name of 1 to 255 characters, other than Everyone",
      example: "iru_endpoint_users",
    },
  ),
  pushGroups: explain(z.array(pushGroupEntry).max(MOST_PUSH_GROUPS).default([]), {
    meaning: "Okta groups to push to the directory",
    allowed: `at most ${MOST_PUSH_GROUPS} entries, each a group name or an object`,
  }),
  groupRules: explain(z.enum(["automatic", "none"]).default("automatic"), {
    meaning: "automatic puts the members of pushed groups in the assignment group; none leaves that to you",
    allowed: "automatic or none",
    example: "automatic",
  }),
  attributes: explain(
    z
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
    {
      meaning: "Attributes that the directory retains",
      allowed: `iru, standard, or a list of attribute paths: ${attributePaths().join(", ")}`,
      example: "iru",
    },
  ),
  attributeMapping: explain(z.boolean().default(false), {
    meaning: "Generate Okta's profile mapping for the retained attributes",
    allowed: "true or false",
    example: "true",
  }),
  throttle: explain(
    z
      .strictObject({
        ratePerSecond: explain(z.int().min(1).max(10_000).default(500), {
          meaning: "Requests per second that the API lets through",
          allowed: "a whole number from 1 to 10000 (the account limit of API Gateway)",
          example: "500",
        }),
        burst: explain(z.int().min(1).max(5_000).default(1_000), {
          meaning: "Requests that the API lets through at once",
          allowed: "a whole number from 1 to 5000 (the account limit of API Gateway)",
          example: "1000",
        }),
      })
      .prefault({}),
    { meaning: "Rate limit of the SCIM API", allowed: "{ratePerSecond?, burst?}" },
  ),
  reservedConcurrency: explain(
    z
      .int()
      .min(0)
      .max(1_000)
      .default(0)
      .transform((executions) => (executions === 0 ? undefined : executions)),
    {
      meaning: "Concurrent executions kept for the SCIM function, which is also their bound; 0 reserves none",
      allowed: "a whole number from 0 to 1000; the account must keep 100 executions for its other functions",
      example: "50",
    },
  ),
  tokenGeneration: explain(z.int().min(1).max(100_000).default(1), {
    meaning:
      "Raise it by one to rotate the SCIM token. A deployment that would accept none of the present tokens is refused, unless acceptPreviousToken is false",
    allowed: "a whole number from 1 to 100000",
    example: "2",
  }),
  acceptPreviousToken: explain(z.boolean().default(true), {
    meaning: "Accept the token of the previous generation too, until Okta has the new one",
    allowed: "true or false",
    example: "true",
  }),
  readers,
  events,
  stage: explain(z.enum(["production", "development"]).default("production"), {
    meaning: "production protects stateful resources and keeps logs for a year; development does neither",
    allowed: "production or development",
    example: "production",
  }),
  alarms: explain(
    z
      .strictObject({
        email: explain(z.email().optional(), {
          meaning: "E-mail address that alarms are sent to",
          allowed: "an e-mail address",
          example: "ops@example.com",
        }),
        topicArn: explain(
          z
            .string()
            .regex(/^arn:aws[a-z-]*:sns:/)
            .optional(),
          {
            meaning: "SNS topic that alarms are sent to",
            allowed: "the ARN of an SNS topic",
            example: "arn:aws:sns:us-east-1:123456789012:ops",
          },
        ),
      })
      .default({})
      .transform((alarms) => (alarms.email === undefined && alarms.topicArn === undefined ? undefined : alarms)),
    { meaning: "Alarms on the SCIM service, and a dashboard", allowed: "{email?, topicArn?}" },
  ),
  oktaHalf: explain(z.enum(["managed", "byHand"]).default("managed"), {
    meaning:
      "managed creates the Okta half; byHand leaves it to an administrator of an Okta org that this stack cannot reach, and nextSteps has all the steps",
    allowed: "managed or byHand",
    example: "managed",
  }),
} as const;

export type Key = keyof typeof schemas;
export type TenantConfig = { readonly [K in Key]: z.output<(typeof schemas)[K]> };

export type AppTemplate = TenantConfig["app"]["template"];
export type Connection = TenantConfig["connection"];
export type GroupRules = TenantConfig["groupRules"];
export type Provisioning = TenantConfig["provisioning"];
export type Stage = TenantConfig["stage"];
export type Alarms = NonNullable<TenantConfig["alarms"]>;
export type Throttle = TenantConfig["throttle"];
export type EndpointKind = TenantConfig["endpoint"]["kind"];
export type Domain = NonNullable<Extract<TenantConfig["endpoint"], { kind: "managed" }>["domain"]>;

export const keys = Object.keys(schemas) as readonly Key[]; // Object.keys of a literal: exactly its keys

/** Keys whose text is used as it is. The values of the other keys are parsed as JSON if they are JSON. */
export const textKeys: ReadonlySet<Key> = new Set([
  "tenant",
  "connection",
  "assignmentGroup",
  "groupRules",
  "stage",
  "oktaHalf",
]);

/** Keys that only a directory on AWS uses. */
export const managedOnly: readonly Key[] = [
  "throttle",
  "reservedConcurrency",
  "tokenGeneration",
  "acceptPreviousToken",
  "readers",
  "events",
  "alarms",
];

/** Keys without a type in `Pulumi.yaml`: lists, and "a text or a list", for which Pulumi has no type. */
export const untyped: ReadonlySet<Key> = new Set(["pushGroups", "attributes", "readers"]);
