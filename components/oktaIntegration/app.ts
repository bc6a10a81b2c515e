import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";

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
  /** The provisioning features that are on now, read from Okta in every deployment and not from the state. */
  readonly features: pulumi.Output<readonly string[]>;
  readonly resource: pulumi.CustomResource;
}

/** Nobody signs in through this app, so its sign-on settings lead nowhere on purpose (`.invalid`, RFC 2606). */
const DUMMY_URL = "https://scim-only.invalid/";

/** What the console edits besides us; an update that carried our idea of it would undo an administrator's choice. */
const setInConsole = ["features", "logo", "authenticationPolicy", "adminNote", "enduserNote"];

/** The Okta app that carries the SCIM connection, hidden from people's dashboards. */
export function createApp(name: string, args: AppArgs, options: pulumi.CustomResourceOptions): App {
  const common = {
    label: args.label,
    hideWeb: true,
    hideIos: true,
    userNameTemplate: args.userNameTemplate,
    userNameTemplateType: args.userNameTemplate.startsWith("${source.") ? "BUILT_IN" : "CUSTOM",
  };
  const resourceOptions = { ...options, ignoreChanges: setInConsole };
  if (args.template === "saml") {
    const app = new okta.app.Saml(
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
      resourceOptions,
    );
    const features = okta.app.getSamlOutput({ id: app.id }, options).features;
    return { id: app.id, features, resource: app };
  }
  const app = new okta.app.AutoLogin(
    `${name}-app`,
    { ...common, preconfiguredApp: "scim2headerauth", credentialsScheme: "EXTERNAL_PASSWORD_SYNC" },
    resourceOptions,
  );
  const features = pulumi
    .all([app.id, okta.getAppsOutput({ label: app.label }, options).apps])
    .apply(([id, apps]) => apps.find((candidate) => candidate.id === id)?.features ?? []);
  return { id: app.id, features, resource: app };
}
