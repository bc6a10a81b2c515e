import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import type { AppTemplate, EndpointKind } from "../config/keys.ts";
import { defaultLabel } from "../config/keys.ts";
import { CATALOGUE_APP, DEFAULT_USER_NAME, DUMMY_URL, userNameTemplateType } from "./appSettings.ts";

export interface AppArgs {
  /** Name of the app. Without one, a new app gets the default label and an imported app keeps its own. */
  readonly label?: string | undefined;
  readonly template: AppTemplate;
  /** The kind of the directory that the app provisions. */
  readonly endpoint: EndpointKind;
  /**
   * Okta expression for the userName. Without one, a new app gets `${source.login}` and an imported app keeps its own.
   */
  readonly userNameTemplate?: string | undefined;
}

export interface App {
  readonly id: pulumi.Output<string>;
  readonly label: pulumi.Output<string>;
  /** The app's name in Okta's addresses. */
  readonly name: pulumi.Output<string>;
  /** Asks Okta which provisioning features are on now. The state holds only those of the app's last change. */
  readFeatures(): pulumi.Output<readonly string[]>;
}

/** Options for a resource of the component. */
export interface ChildOptions extends pulumi.CustomResourceOptions {
  parent: pulumi.Resource;
}

/**
 * Inputs that administrators also edit in the Admin Console. They are set when the stack creates the app and never
 * changed afterwards: an update would undo an administrator's choice, or break the sign-on of an imported app.
 */
const initialOnly = [
  "accessibilitySelfService",
  "adminNote",
  "appLinksJson",
  "appSettingsJson",
  "autoSubmitToolbar",
  "enduserNote",
  "features",
  "hideIos",
  "hideWeb",
  "logo",
  "userNameTemplateSuffix",
];

/** The same for the sign-on settings that only a SAML app has. */
const initialOnlyForSaml = [
  ...initialOnly,
  "acsEndpoints",
  "assertionSigned",
  "attributeStatements",
  "audience",
  "authnContextClassRef",
  "defaultRelayState",
  "destination",
  "digestAlgorithm",
  "honorForceAuthn",
  "inlineHookId",
  "keyName",
  "keyYearsValid",
  "recipient",
  "responseSigned",
  "signatureAlgorithm",
  "ssoUrl",
  "subjectNameIdFormat",
  "subjectNameIdTemplate",
];

/** Inputs that stay as they are in Okta unless the configuration sets them. */
const unlessConfigured = ({ label, userNameTemplate }: AppArgs): string[] => [
  ...(label === undefined ? ["label"] : []),
  ...(userNameTemplate === undefined ? ["userNameTemplate", "userNameTemplateType", "userNameTemplatePushStatus"] : []),
];

/** The Okta app that carries the SCIM connection, hidden from people's dashboards. */
export function createApp(tenant: string, args: AppArgs, options: ChildOptions): App {
  // Okta keeps the directory's ids of people, so that another directory needs another app. The first one works on until
  // the deletions at the end of the deployment that connects its successor.
  const own = { ...options, replacementTrigger: args.endpoint };
  return args.template === "saml" ? createSamlApp(tenant, args, own) : createCatalogueApp(tenant, args, own);
}

function commonInputs(tenant: string, { label, userNameTemplate = DEFAULT_USER_NAME }: AppArgs) {
  const type = userNameTemplateType(userNameTemplate);
  return {
    label: label ?? defaultLabel(tenant),
    hideWeb: true,
    hideIos: true,
    userNameTemplate,
    userNameTemplateType: type,
    // Okta pushes a changed userName of a built-in format by itself, and of a custom one only with this setting.
    ...(type === "CUSTOM" ? { userNameTemplatePushStatus: "PUSH" } : {}),
  };
}

function createSamlApp(tenant: string, args: AppArgs, options: ChildOptions): App {
  const app = new okta.app.Saml(
    `${tenant}-app`,
    {
      ...commonInputs(tenant, args),
      ssoUrl: DUMMY_URL,
      recipient: DUMMY_URL,
      destination: DUMMY_URL,
      audience: DUMMY_URL,
      // The wizard's own defaults, which the provider requires.
      subjectNameIdTemplate: "${user.userName}",
      subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
      responseSigned: true,
      assertionSigned: true,
      signatureAlgorithm: "RSA_SHA256",
      digestAlgorithm: "SHA256",
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      honorForceAuthn: true,
      // Otherwise every deployment rewrites the app's sign-on policy. Excludes authenticationPolicy.
      skipAuthenticationPolicy: true,
    },
    { ...options, ignoreChanges: [...initialOnlyForSaml, ...unlessConfigured(args)] },
  );
  const { id, label, name } = app;
  const readFeatures = () => okta.app.getSamlOutput({ id }, { parent: options.parent }).features;
  return { id, label, name, readFeatures };
}

function createCatalogueApp(tenant: string, args: AppArgs, options: ChildOptions): App {
  const app = new okta.app.AutoLogin(
    `${tenant}-app`,
    {
      ...commonInputs(tenant, args),
      preconfiguredApp: CATALOGUE_APP,
      credentialsScheme: "EXTERNAL_PASSWORD_SYNC",
    },
    { ...options, ignoreChanges: [...initialOnly, ...unlessConfigured(args)] },
  );
  const { id, label, name } = app;
  // The search uses the catalogue's name, which all its apps share, because the label may change in this very
  // deployment.
  const readFeatures = () =>
    pulumi
      .all([id, okta.getAppsOutput({ q: CATALOGUE_APP }, { parent: options.parent, dependsOn: app }).apps])
      .apply(([appId, apps]) => apps.find((candidate) => candidate.id === appId)?.features ?? []);
  return { id, label, name, readFeatures };
}
