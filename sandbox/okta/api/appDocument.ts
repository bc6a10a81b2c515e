import { z } from "zod";
import { invalid } from "../errors.ts";
import { idOf, newId, timestamp } from "../ids.ts";
import type { App, AppKind, Json } from "../model.ts";
import { asJson, json, readBody } from "./body.ts";

export const POLICY_ID = idOf("rst", "any two factors");

const body = z.object({
  name: z.string().optional(),
  label: z.string().min(1, "The field cannot be left blank").max(100),
  signOnMode: z.string().optional(),
  accessibility: json.nullish(),
  visibility: json.nullish(),
  credentials: json.nullish(),
  settings: json.nullish(),
});
type AppBody = z.infer<typeof body>;

/** Apps of Okta's catalogue that carry SCIM; everything else named so is unknown to this org. */
const CATALOGUE = new Set(["scim2headerauth", "scim2testapp"]);
const NEEDED_FOR_SAML = [
  "ssoAcsUrl",
  "recipient",
  "destination",
  "audience",
  "subjectNameIdTemplate",
  "subjectNameIdFormat",
];

/** Okta's own fields that a client may leave out. */
function complete(input: AppBody, name: string, keyId: string): Json {
  const visibility = asJson(input.visibility);
  const settings = asJson(input.settings);
  const signOn = asJson(settings["signOn"]);
  const credentials = asJson(input.credentials);
  const template = { template: "${source.login}", type: "BUILT_IN", ...asJson(credentials["userNameTemplate"]) };
  return {
    accessibility: {
      selfService: false,
      errorRedirectUrl: null,
      loginRedirectUrl: null,
      ...asJson(input.accessibility),
    },
    visibility: {
      autoLaunch: false,
      autoSubmitToolbar: false,
      appLinks: { [`${name}_link`]: true },
      ...visibility,
      hide: { iOS: false, web: false, ...asJson(visibility["hide"]) },
    },
    credentials: {
      ...credentials,
      userNameTemplate: template,
      signing: input.signOnMode === "SAML_2_0" ? { kid: keyId } : {},
    },
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      notes: { admin: null, enduser: null },
      ...settings,
      ...(input.signOnMode === "SAML_2_0"
        ? {
            signOn: {
              idpIssuer: "http://www.okta.com/${org.externalKey}",
              spIssuer: null,
              requestCompressed: false,
              inlineHooks: [],
              assertionEncryption: { enabled: false },
              acsEndpoints: [],
              slo: { enabled: false },
              ...signOn,
            },
          }
        : {}),
    },
  };
}

function check(input: AppBody, catalogue: boolean): void {
  if (input.signOnMode !== "SAML_2_0" || catalogue) return;
  const signOn = asJson(asJson(input.settings)["signOn"]);
  const causes = NEEDED_FOR_SAML.filter((key) => typeof signOn[key] !== "string" || signOn[key] === "").map(
    (key) => `${key}: The field cannot be left blank`,
  );
  if (causes.length > 0) throw invalid("settings.signOn", ...causes);
}

/** Reads `POST /api/v1/apps`. Its `features` are read only and therefore ignored. */
export function newApp(input: unknown, number: number, active: boolean): App {
  const read = readBody(body, input);
  const catalogue = read.name !== undefined;
  if (read.name !== undefined && !CATALOGUE.has(read.name))
    throw invalid("name", `'name': The app ${read.name} does not exist`);
  const signOnMode = read.signOnMode ?? (catalogue ? "AUTO_LOGIN" : undefined);
  if (signOnMode === undefined) throw invalid("signOnMode", "signOnMode: The field cannot be left blank");
  if (!catalogue && signOnMode !== "SAML_2_0")
    throw invalid("signOnMode", `This org makes no custom app of sign-on mode ${signOnMode}`);
  check(read, catalogue);
  const now = timestamp();
  const kind: AppKind = catalogue ? "oin" : "aiw";
  const name = read.name ?? `sandbox_${read.label.toLowerCase().replace(/[^a-z0-9]/g, "")}_${number}`;
  const keyId = newId("oae").slice(3) + newId("oae").slice(3);
  return {
    id: newId("0oa"),
    name,
    kind,
    label: read.label,
    status: active ? "ACTIVE" : "INACTIVE",
    signOnMode,
    document: complete({ ...read, signOnMode }, name, keyId),
    keyId,
    created: now,
    lastUpdated: now,
    groups: new Map(),
    direct: new Set(),
    users: new Map(),
    links: new Map(),
    pushes: new Map(),
  };
}

/** Reads `PUT /api/v1/apps/{id}`: replaces what a client may write; what only the console sets stays. */
export function replaceApp(app: App, input: unknown): void {
  const read = readBody(body, input);
  check({ ...read, signOnMode: app.signOnMode }, app.kind === "oin");
  app.document = complete({ ...read, signOnMode: app.signOnMode }, app.name, app.keyId);
  app.label = read.label;
  app.lastUpdated = timestamp();
}

/** What the console's settings switch on (`features` of an Okta application); nothing before provisioning is set up. */
export function featuresOf({ provisioning }: App): string[] {
  if (provisioning === undefined) return [];
  const { actions, toApp } = provisioning;
  const on: readonly [boolean, ...string[]][] = [
    [true, "SCIM_PROVISIONING"],
    [actions.importUsers === true, "IMPORT_NEW_USERS", "IMPORT_PROFILE_UPDATES"],
    [actions.pushNewUsers && toApp.createUsers, "PUSH_NEW_USERS"],
    [actions.pushProfileUpdates && toApp.updateUserAttributes, "PUSH_PROFILE_UPDATES"],
    [toApp.deactivateUsers, "PUSH_USER_DEACTIVATION", "REACTIVATE_USERS"],
    [actions.pushGroups, "GROUP_PUSH"],
  ];
  return on.flatMap(([wanted, ...names]) => (wanted ? names : []));
}

export function renderApp(app: App, origin: string): Json {
  const self = `${origin}/api/v1/apps/${app.id}`;
  return {
    id: app.id,
    orn: `orn:okta:idp:${idOf("00o", "org")}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: app.lastUpdated,
    created: app.created,
    features: featuresOf(app),
    signOnMode: app.signOnMode,
    ...app.document,
    _links: {
      help: { href: `${origin}/app/${app.name}/${app.id}/setup/help/SAML_2_0/instructions`, type: "text/html" },
      metadata: { href: `${self}/sso/saml/metadata`, type: "application/xml" },
      appLinks: [{ name: `${app.name}_link`, href: `${origin}/home/${app.name}/${app.id}`, type: "text/html" }],
      policies: { href: `${self}/policies`, hints: { allow: ["PUT"] } },
      accessPolicy: { href: `${origin}/api/v1/policies/${POLICY_ID}` },
      groups: { href: `${self}/groups` },
      users: { href: `${self}/users` },
      logo: [{ name: "medium", href: `${origin}/assets/logo.png`, type: "image/png" }],
      [app.status === "ACTIVE" ? "deactivate" : "activate"]: {
        href: `${self}/lifecycle/${app.status === "ACTIVE" ? "deactivate" : "activate"}`,
      },
    },
  };
}
