import * as pulumi from "@pulumi/pulumi";
import type { AppTemplate, Provisioning } from "../config/keys.ts";

/**
 * One step that Okta's API does not offer and that a person does in the Admin Console. A step names Okta's own label
 * and the value to enter there. `consoleProse.ts` makes sentences of steps; programs read them from the component's
 * registered output `consoleSteps`.
 */
export type ConsoleStep =
  | { readonly id: "check-plan"; readonly label: "Lifecycle Management (Advanced)" }
  | { readonly id: "open-app"; readonly label: "Applications"; readonly value: string }
  | { readonly id: "app-page"; readonly label: "Address"; readonly value: string }
  | { readonly id: "enable-scim"; readonly label: "Provisioning"; readonly value: "SCIM" }
  | { readonly id: "edit-integration"; readonly label: "Integration" }
  | { readonly id: "enable-api-integration"; readonly label: "Enable API integration" }
  | { readonly id: "base-url"; readonly label: "SCIM connector base URL" | "Base URL"; readonly value: string }
  | {
      readonly id: "unique-identifier";
      readonly label: "Unique identifier field for users";
      readonly value: "userName";
    }
  | { readonly id: "actions"; readonly label: "Supported provisioning actions"; readonly values: readonly Action[] }
  | {
      readonly id: "token";
      readonly label: "Authorization (Bearer)" | "API Token";
      /** The stack's secret output that holds the value, so that the step does not contain the value itself. */
      readonly output: "scimToken" | "scimAuthorization";
    }
  | { readonly id: "test-connection"; readonly label: string; readonly values: readonly string[] }
  | { readonly id: "to-app"; readonly label: "To App"; readonly values: readonly ToAppOption[] }
  | { readonly id: "keep-group-names"; readonly label: "Rename app groups to match group name in Okta" };

export type Action = "Push New Users" | "Push Profile Updates" | "Push Groups";
export type ToAppOption = "Create Users" | "Update User Attributes" | "Deactivate Users";

export interface ConsoleStepArgs extends ConnectionStepArgs {
  /** The app's label. */
  readonly label: pulumi.Input<string>;
  /** The app's page in the Admin Console; undefined if the org's address is not known. */
  readonly page: pulumi.Input<string> | undefined;
}

export interface ConnectionStepArgs {
  readonly template: AppTemplate;
  readonly baseUrl: pulumi.Input<string>;
  readonly provisioning: Provisioning;
  readonly pushesGroups: boolean;
  /** Whether a pushed group has another name in the directory than in Okta. */
  readonly renamesGroups: boolean;
}

const withValue = (value: pulumi.Input<string>, make: (value: string) => ConsoleStep): pulumi.Output<ConsoleStep> =>
  pulumi.output(value).apply(make);

const chosen = <T>(pairs: readonly (readonly [boolean, T])[]): T[] => pairs.flatMap(([on, name]) => (on ? [name] : []));

/**
 * The steps of the first deployment, in the article's order and with this tenant's values. Each step is an input of its
 * own, so that a preview shows the steps whose values are known.
 */
export function consoleSteps(args: ConsoleStepArgs): pulumi.Input<ConsoleStep>[] {
  return [
    { id: "check-plan", label: "Lifecycle Management (Advanced)" },
    withValue(args.label, (value) => ({ id: "open-app", label: "Applications", value })),
    ...(args.page === undefined
      ? []
      : [withValue(args.page, (value) => ({ id: "app-page", label: "Address", value }))]),
    ...connectionSteps(args),
  ];
}

/** The steps of the connection itself, in the article's order: base URL, token, actions. */
export const connectionSteps = (args: ConnectionStepArgs): pulumi.Input<ConsoleStep>[] => [
  ...(args.template === "saml" ? samlSteps(args) : catalogueSteps(args)),
  {
    id: "to-app",
    label: "To App",
    values: chosen([
      [args.provisioning.createUsers, "Create Users"],
      [args.provisioning.updateUserAttributes, "Update User Attributes"],
      [args.provisioning.deactivateUsers, "Deactivate Users"],
    ]),
  },
  ...(args.renamesGroups
    ? ([{ id: "keep-group-names", label: "Rename app groups to match group name in Okta" }] as const)
    : []),
];

/** The custom app of the article: the connection is on two tabs, and the token has no prefix. */
function samlSteps(args: ConnectionStepArgs): pulumi.Input<ConsoleStep>[] {
  const { createUsers, updateUserAttributes, deactivateUsers } = args.provisioning;
  // Okta sends a deactivation as an update of the profile.
  const updates = updateUserAttributes || deactivateUsers;
  return [
    { id: "enable-scim", label: "Provisioning", value: "SCIM" },
    { id: "edit-integration", label: "Integration" },
    withValue(args.baseUrl, (value) => ({ id: "base-url", label: "SCIM connector base URL", value })),
    { id: "unique-identifier", label: "Unique identifier field for users", value: "userName" },
    {
      id: "actions",
      label: "Supported provisioning actions",
      values: chosen([
        [createUsers, "Push New Users"],
        [updates, "Push Profile Updates"],
        [args.pushesGroups, "Push Groups"],
      ]),
    },
    { id: "token", label: "Authorization (Bearer)", output: "scimToken" },
    {
      id: "test-connection",
      label: "Test Connector Configuration",
      values: chosen([
        [createUsers, "Create Users"],
        [updates, "Update User Attributes"],
        [args.pushesGroups, "Push Groups"],
      ]),
    },
  ];
}

/** The catalogue app: one dialog, and the token is the whole header value. */
function catalogueSteps(args: ConnectionStepArgs): pulumi.Input<ConsoleStep>[] {
  return [
    { id: "enable-api-integration", label: "Enable API integration" },
    withValue(args.baseUrl, (value) => ({ id: "base-url", label: "Base URL", value })),
    { id: "token", label: "API Token", output: "scimAuthorization" },
    { id: "test-connection", label: "Test API Credentials", values: [] },
  ];
}
