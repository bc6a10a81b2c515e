import { z } from "zod";
import { invalid } from "../org/errors.ts";
import { idOf, newId, timestamp } from "../org/ids.ts";
import type { App, AppKind, Json } from "../org/model.ts";
import { asJson, json, readBody } from "./body.ts";

export const POLICY_ID = idOf("rst", "any two factors");
const ENROLLMENT_ID = idOf("rst", "profile enrollment");

const body = z.object({
  name: z.string().optional(),
  label: z.string().min(1, "The field cannot be left blank").max(100, "The field is too long"),
  signOnMode: z.string().nullish(),
  accessibility: json.nullish(),
  visibility: json.nullish(),
  credentials: json.nullish(),
  settings: json.nullish(),
});
type AppBody = Omit<z.infer<typeof body>, "signOnMode"> & { readonly signOnMode: string };

/** The apps of Okta's catalogue that this org knows, each with its only sign-on mode. */
const CATALOGUE: Readonly<Record<string, string>> = {
  scim2headerauth: "AUTO_LOGIN",
  scim2testapp: "AUTO_LOGIN",
  okta_org2org: "SAML_2_0",
};
/**
 * Apps whose provisioning Okta's API can connect (tag ApplicationConnections of its reference), among those that this
 * org knows.
 */
const CONNECTED_BY_API = new Set(["okta_org2org"]);

const NEEDED_FOR_SAML = [
  "ssoAcsUrl",
  "recipient",
  "destination",
  "audience",
  "subjectNameIdTemplate",
  "subjectNameIdFormat",
];
/** Okta accepts these fields and does not show them if they are empty. */
const OVERRIDES = ["ssoAcsUrlOverride", "audienceOverride", "recipientOverride", "destinationOverride"];

function signOnOf(input: Json): Json {
  const slo = { enabled: false, ...asJson(input["slo"]) };
  const signOn: Json = {
    idpIssuer: "http://www.okta.com/${org.externalKey}",
    requestCompressed: false,
    attributeStatements: [],
    inlineHooks: [],
    assertionEncryption: { enabled: false },
    allowMultipleAcsEndpoints: false,
    acsEndpoints: [],
    samlSignedRequestEnabled: false,
    ...input,
    spIssuer: slo.enabled && "issuer" in slo ? slo.issuer : null,
    slo,
  };
  for (const key of OVERRIDES) if (signOn[key] === "" || signOn[key] === null) delete signOn[key];
  return signOn;
}

/** The client's fields, with Okta's own values for those that it left out. */
function complete(input: AppBody, name: string, keyId: string, isCustom: boolean): Json {
  const visibility = asJson(input.visibility);
  const settings = asJson(input.settings);
  const { userName, password: _neverShown, ...credentials } = asJson(input.credentials);
  const template = { template: "${source.login}", type: "BUILT_IN", ...asJson(credentials["userNameTemplate"]) };
  const isSaml = input.signOnMode === "SAML_2_0";
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
      ...(userName === undefined || userName === "" ? {} : { userName }),
      ...credentials,
      userNameTemplate: template,
      signing: isSaml ? { kid: keyId } : {},
    },
    ...(isCustom ? {} : { universalLogout: { status: "UNSUPPORTED" } }),
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      ...(isCustom ? {} : { emOptInStatus: "NONE" }),
      notes: { admin: null, enduser: null },
      ...settings,
      ...(isSaml ? { signOn: signOnOf(asJson(settings["signOn"])) } : {}),
    },
  };
}

function check(input: AppBody, isCustom: boolean): void {
  if (!isCustom) return;
  const signOn = asJson(asJson(input.settings)["signOn"]);
  const causes = NEEDED_FOR_SAML.filter((key) => typeof signOn[key] !== "string" || signOn[key] === "").map(
    (key) => `${key}: The field cannot be left blank`,
  );
  if (causes.length > 0) throw invalid("settings.signOn", ...causes);
}

/** The sign-on mode, and whether the wizard makes the app. Refuses an app that this org cannot make. */
function modeOf({ name, signOnMode }: z.infer<typeof body>): { readonly mode: string; readonly isCustom: boolean } {
  if (name === undefined) {
    if (signOnMode === undefined || signOnMode === null)
      throw invalid("signOnMode", "signOnMode: The field cannot be left blank");
    if (signOnMode !== "SAML_2_0")
      throw invalid("signOnMode", `signOnMode: This org makes no custom app of mode ${signOnMode}`);
    return { mode: signOnMode, isCustom: true };
  }
  const mode = Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name] : undefined;
  if (mode === undefined) throw invalid("name", `name: The app ${name} does not exist`);
  // Whether the SCIM test apps take SAML is disputed [?].
  if ((signOnMode ?? mode) !== mode)
    throw invalid("signOnMode", `signOnMode: The app ${name} does not take ${signOnMode ?? ""}`);
  return { mode, isCustom: false };
}

/** Reads `POST /api/v1/apps`. The body's `features` are read-only and therefore ignored. */
export function newApp(input: unknown, number: number, active: boolean): App {
  const read = readBody(body, input);
  const { mode, isCustom } = modeOf(read);
  const wanted = { ...read, signOnMode: mode };
  check(wanted, isCustom);
  const now = timestamp();
  const kind: AppKind = isCustom ? "aiw" : "oin";
  const name = read.name ?? `sandbox_${read.label.toLowerCase().replace(/[^a-z0-9]/g, "")}_${number}`;
  const keyId = newId("oae").slice(3) + newId("oae").slice(3);
  return {
    id: newId("0oa"),
    name,
    kind,
    label: read.label,
    status: active ? "ACTIVE" : "INACTIVE",
    signOnMode: mode,
    document: complete(wanted, name, keyId, isCustom),
    keyId,
    created: now,
    lastUpdated: now,
    hasScimProfile: !isCustom,
    customAttributes: new Map(),
    ...(CONNECTED_BY_API.has(name)
      ? { connection: { status: "DISABLED" as const, baseUrl: "", features: new Map<string, Json>() } }
      : {}),
    undeleted: new Map(),
    groups: new Map(),
    direct: new Set(),
    users: new Map(),
    links: new Map(),
    pushes: new Map(),
    pushRules: new Map(),
  };
}

/**
 * Reads `PUT /api/v1/apps/{id}`: replaces the fields that a client may write. Settings that only the console makes
 * stay.
 */
export function replaceApp(app: App, input: unknown): void {
  const read = { ...readBody(body, input), signOnMode: app.signOnMode };
  const isCustom = app.kind === "aiw";
  check(read, isCustom);
  app.document = complete(read, app.name, app.keyId, isCustom);
  app.label = read.label;
  app.lastUpdated = timestamp();
}

/**
 * The features that the console's settings switch on (`features` of an Okta application); none before provisioning is
 * set up.
 */
function featuresOf({ provisioning }: App): string[] {
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
  const isSaml = app.signOnMode === "SAML_2_0";
  const next = app.status === "ACTIVE" ? "deactivate" : "activate";
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
      ...(isSaml
        ? {
            help: { href: `${origin}/app/${app.name}/${app.id}/setup/help/SAML_2_0/instructions`, type: "text/html" },
            metadata: { href: `${self}/sso/saml/metadata`, type: "application/xml" },
          }
        : {}),
      uploadLogo: { href: `${self}/logo`, hints: { allow: ["POST"] } },
      appLinks: [
        {
          name: `${app.name}_link`,
          href: `${origin}/home/${app.name}/${app.id}/${idOf("aln", app.name)}`,
          type: "text/html",
        },
      ],
      profileEnrollment: { href: `${origin}/api/v1/policies/${ENROLLMENT_ID}` },
      policies: { href: `${self}/policies`, hints: { allow: ["PUT"] } },
      groups: { href: `${self}/groups` },
      logo: [{ name: "medium", href: `${origin}/assets/logo.png`, type: "image/png" }],
      accessPolicy: { href: `${origin}/api/v1/policies/${POLICY_ID}` },
      users: { href: `${self}/users` },
      [next]: { href: `${self}/lifecycle/${next}` },
    },
  };
}
