import type { Properties } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { at, flag, optionalText, text, textAt, texts } from "./values.ts";

/**
 * The part of an app's body that all kinds share.
 * @param state the app as the provider knows it: after a push status was sent once, it is always sent
 */
export function commonBody(inputs: Properties, state: Properties = {}): Properties {
  const pushStatus =
    optionalText(inputs, "userNameTemplatePushStatus") ?? optionalText(state, "userNameTemplatePushStatus");
  const links = optionalText(inputs, "appLinksJson");
  const appLinks: unknown = links === undefined ? undefined : JSON.parse(links);
  const settings = optionalText(inputs, "appSettingsJson");
  const app: unknown = settings === undefined ? {} : JSON.parse(settings);
  const suffix = optionalText(inputs, "userNameTemplateSuffix");
  return {
    label: text(inputs, "label"),
    accessibility: { selfService: flag(inputs, "accessibilitySelfService") },
    credentials: {
      userNameTemplate: {
        template: optionalText(inputs, "userNameTemplate") ?? "${source.login}",
        type: optionalText(inputs, "userNameTemplateType") ?? "BUILT_IN",
        ...(suffix === undefined ? {} : { userSuffix: suffix }),
        ...(pushStatus === undefined ? {} : { pushStatus }),
      },
    },
    settings: {
      app,
      implicitAssignment: flag(inputs, "implicitAssignment"),
      notes: { admin: optionalText(inputs, "adminNote") ?? null, enduser: optionalText(inputs, "enduserNote") ?? null },
    },
    visibility: {
      ...(appLinks === undefined ? {} : { appLinks }),
      autoSubmitToolbar: flag(inputs, "autoSubmitToolbar"),
      hide: { iOS: flag(inputs, "hideIos"), web: flag(inputs, "hideWeb") },
    },
  };
}

/** The outputs of every kind of app. */
export const commonOutputs = (app: unknown): Properties => ({
  ...pushStatusOf(app),
  label: textAt(app, "label"),
  name: textAt(app, "name"),
  signOnMode: textAt(app, "signOnMode"),
  status: textAt(app, "status"),
  features: texts({ features: at(app, "features") }, "features"),
  hideIos: at(app, "visibility", "hide", "iOS") === true,
  hideWeb: at(app, "visibility", "hide", "web") === true,
  autoSubmitToolbar: at(app, "visibility", "autoSubmitToolbar") === true,
  userNameTemplate: textAt(app, "credentials", "userNameTemplate", "template"),
  userNameTemplateType: textAt(app, "credentials", "userNameTemplate", "type"),
});

function pushStatusOf(app: unknown): Properties {
  const status = textAt(app, "credentials", "userNameTemplate", "pushStatus");
  return status === "" ? {} : { userNameTemplatePushStatus: status };
}

/** Fields that an import also reads: inputs that the program may leave to the console. */
export const consoleOutputs = (app: unknown): Properties => ({
  accessibilitySelfService: at(app, "accessibility", "selfService") === true,
  adminNote: textAt(app, "settings", "notes", "admin"),
  enduserNote: textAt(app, "settings", "notes", "enduser"),
  appLinksJson: JSON.stringify(at(app, "visibility", "appLinks") ?? {}),
  userNameTemplateSuffix: textAt(app, "credentials", "userNameTemplate", "userSuffix"),
});

/** Inputs of every kind of app that an import derives, and the provider's defaults. */
export const commonInputs: readonly string[] = [
  "label",
  "status",
  "hideIos",
  "hideWeb",
  "autoSubmitToolbar",
  "userNameTemplate",
  "userNameTemplateType",
  "userNameTemplatePushStatus",
  "accessibilitySelfService",
  "adminNote",
  "enduserNote",
  "appLinksJson",
  "userNameTemplateSuffix",
];
export const commonDefaults: Properties = {
  status: "ACTIVE",
  userNameTemplate: "${source.login}",
  userNameTemplateType: "BUILT_IN",
};

export async function setAppStatus(
  client: OktaClient,
  id: string,
  state: Properties,
  inputs: Properties,
): Promise<void> {
  const wanted = optionalText(inputs, "status") ?? "ACTIVE";
  if (wanted === (optionalText(state, "status") ?? "ACTIVE")) return;
  await client.call("POST", `/api/v1/apps/${id}/lifecycle/${wanted === "ACTIVE" ? "activate" : "deactivate"}`);
}

/** Only an inactive app can be deleted. An app that is gone already fails the deletion; the provider retries for 20 s. */
export async function deleteApp(client: OktaClient, id: string): Promise<void> {
  await client.call("POST", `/api/v1/apps/${id}/lifecycle/deactivate`);
  await client.call("DELETE", `/api/v1/apps/${id}`);
}

/** The policy that the provider gives an app if none is named, unless it is told to leave policies alone. */
export async function setAccessPolicy(client: OktaClient, id: string, inputs: Properties): Promise<void> {
  const organization = await client.call("GET", "/.well-known/okta-organization");
  if (flag(inputs, "skipAuthenticationPolicy") || textAt(organization, "pipeline") === "v1") return;
  const policies = await client.list("/api/v1/policies?type=ACCESS_POLICY");
  const policy = optionalText(inputs, "authenticationPolicy") ?? textAt(policies[0], "id");
  if (policy !== "") await client.call("PUT", `/api/v1/apps/${id}/policies/${policy}`);
}
