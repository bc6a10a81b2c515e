import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import { CATALOGUE_APP, DUMMY_URL, userNameTemplateType } from "../config/okta.ts";

/** `saml`: the article's custom SAML app. `scim2headerauth`: the catalogue's "SCIM 2.0 Test App (Header Auth)". */
export type AppTemplate = "saml" | "scim2headerauth";

export interface AppArgs {
  readonly label: string;
  readonly template: AppTemplate;
  /** Okta expression that makes the userName, for example `${source.login}`. */
  readonly userNameTemplate: string;
}

export interface App {
  readonly id: pulumi.Output<string>;
  /** Asks Okta which provisioning features are on now; the state would tell what was on at the last change. */
  readFeatures(): pulumi.Output<readonly string[]>;
}

/** Options of a resource within the component. */
export interface ChildOptions extends pulumi.CustomResourceOptions {
  parent: pulumi.Resource;
}

/** What the console edits besides us; an update that carried our idea of it would undo an administrator's choice. */
const setInConsole = [
  "accessibilitySelfService",
  "adminNote",
  "appLinksJson",
  "appSettingsJson",
  "autoSubmitToolbar",
  "enduserNote",
  "features",
  "logo",
  "userNameTemplateSuffix",
];

/** The same, of the sign-on settings that only a SAML app has. */
const setInConsoleForSaml = [
  ...setInConsole,
  "acsEndpoints",
  "attributeStatements",
  "authenticationPolicy",
  "defaultRelayState",
  "inlineHookId",
  "keyName",
  "keyYearsValid",
];

/** The Okta app that carries the SCIM connection, hidden from people's dashboards. */
export function createApp(name: string, args: AppArgs, options: ChildOptions): App {
  const type = userNameTemplateType(args.userNameTemplate);
  const common = {
    label: args.label,
    hideWeb: true,
    hideIos: true,
    userNameTemplate: args.userNameTemplate,
    userNameTemplateType: type,
    // Okta pushes a changed userName of a ready-made format by itself, and of a custom one only when told so.
    ...(type === "CUSTOM" ? { userNameTemplatePushStatus: "PUSH" } : {}),
  };
  const read = { parent: options.parent };
  if (args.template === "saml") {
    const { id } = new okta.app.Saml(
      `${name}-app`,
      {
        ...common,
        ssoUrl: DUMMY_URL,
        recipient: DUMMY_URL,
        destination: DUMMY_URL,
        audience: DUMMY_URL,
        // The wizard's own defaults; the provider demands that they be said.
        subjectNameIdTemplate: "${user.userName}",
        subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        responseSigned: true,
        assertionSigned: true,
        signatureAlgorithm: "RSA_SHA256",
        digestAlgorithm: "SHA256",
        authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        honorForceAuthn: true,
        // Each deployment would else write the app's sign-on policy again.
        skipAuthenticationPolicy: true,
      },
      { ...options, ignoreChanges: setInConsoleForSaml },
    );
    return { id, readFeatures: () => okta.app.getSamlOutput({ id }, read).features };
  }
  const app = new okta.app.AutoLogin(
    `${name}-app`,
    { ...common, preconfiguredApp: CATALOGUE_APP, credentialsScheme: "EXTERNAL_PASSWORD_SYNC" },
    { ...options, ignoreChanges: setInConsole },
  );
  return {
    id: app.id,
    // Searched by the catalogue's name, which all its apps share: the label may be changing in this very deployment.
    readFeatures: () =>
      pulumi
        .all([app.id, okta.getAppsOutput({ q: CATALOGUE_APP }, { ...read, dependsOn: app }).apps])
        .apply(([id, apps]) => apps.find((candidate) => candidate.id === id)?.features ?? []),
  };
}
