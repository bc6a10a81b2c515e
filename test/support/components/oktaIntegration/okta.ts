import { createHash } from "node:crypto";
import type { Registration } from "../registrations.ts";

export const external = {
  kind: "external",
  baseUrl: "https://accuhive.api.kandji.io/api/v1/scim",
  token: "their-t0ken",
};
const plain = { protect: false, retainOnDelete: false, deleteBeforeReplace: false, ignoreChanges: [] as string[] };
export const inComponent = { ...plain, parent: "acme", adoptsFromRoot: true };

const initialOnly = [
  ...["accessibilitySelfService", "adminNote", "appLinksJson", "appSettingsJson", "autoSubmitToolbar", "enduserNote"],
  ...["features", "hideIos", "hideWeb", "logo", "userNameTemplateSuffix"],
];
/** Inputs that stay as they are in Okta, because the configuration does not set them. */
const unlessConfigured = ["label", "userNameTemplate", "userNameTemplateType", "userNameTemplatePushStatus"];
const common = {
  label: "Iru Endpoint SCIM (acme)",
  hideWeb: true,
  hideIos: true,
  userNameTemplate: "${source.login}",
  userNameTemplateType: "BUILT_IN",
};

export const samlApp: Registration = {
  ...inComponent,
  type: "okta:app/saml:Saml",
  name: "acme-app",
  inputs: {
    ...common,
    ssoUrl: "https://scim-only.invalid/",
    recipient: "https://scim-only.invalid/",
    destination: "https://scim-only.invalid/",
    audience: "https://scim-only.invalid/",
    subjectNameIdTemplate: "${user.userName}",
    subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    responseSigned: true,
    assertionSigned: true,
    signatureAlgorithm: "RSA_SHA256",
    digestAlgorithm: "SHA256",
    authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    honorForceAuthn: true,
    skipAuthenticationPolicy: true,
  },
  after: [],
  protect: true,
  ignoreChanges: [
    ...initialOnly,
    ...["acsEndpoints", "assertionSigned", "attributeStatements", "audience", "authnContextClassRef"],
    ...["defaultRelayState", "destination", "digestAlgorithm", "honorForceAuthn", "inlineHookId", "keyName"],
    ...["keyYearsValid", "recipient", "responseSigned", "signatureAlgorithm", "ssoUrl", "subjectNameIdFormat"],
    ...["subjectNameIdTemplate", ...unlessConfigured],
  ],
};
export const catalogueApp: Registration = {
  ...inComponent,
  type: "okta:app/autoLogin:AutoLogin",
  name: "acme-app",
  inputs: { ...common, preconfiguredApp: "scim2headerauth", credentialsScheme: "EXTERNAL_PASSWORD_SYNC" },
  after: [],
  protect: true,
  ignoreChanges: [...initialOnly, ...unlessConfigured],
};
export const assignmentGroup: Registration = {
  ...inComponent,
  type: "okta:group/group:Group",
  name: "acme-assignment-group",
  inputs: { name: "iru_endpoint_users", description: "People provisioned to the SCIM directory of acme" },
  after: [],
  protect: true,
  ignoreChanges: ["description"],
};
export const assignment = (appId: string): Registration => ({
  ...inComponent,
  type: "okta:app/groupAssignment:GroupAssignment",
  name: "acme-assignment",
  inputs: { appId, groupId: "acme-assignment-group-id" },
  after: ["acme-app", "acme-assignment-group"],
  protect: true,
  deleteBeforeReplace: true,
  ignoreChanges: ["priority", "profile"],
});
/** What tells the rule of one group from the rule of another group of the same name. */
export const marked = (label: string, key: string): string =>
  `${label} #${createHash("sha256").update(key).digest("hex").slice(0, 6)}`;
/** The rules wait for each other in their order. */
export const inTurn = (rules: readonly Registration[]): Registration[] =>
  rules.map((one, index) => ({
    ...one,
    after: [...one.after, ...rules.slice(Math.max(0, index - 1), index).map(({ name }) => name)].sort(),
  }));
export const rule = (key: string, about: string, ids: readonly string[]): Registration => ({
  ...inComponent,
  type: "okta:group/rule:Rule",
  name: `acme-rule-${key}`,
  inputs: {
    name: `acme: ${about} > iru_endpoint_users`,
    status: "ACTIVE",
    groupAssignments: ["acme-assignment-group-id"],
    expressionType: "urn:okta:expression:1.0",
    expressionValue: `isMemberOfAnyGroup(${ids.map((id) => `"${id}"`).join(", ")})`,
    removeAssignedUsers: false,
  },
  after: ["acme-assignment", "acme-assignment-group"],
  deleteBeforeReplace: true,
});
export const push = (appId: string, groupId: string, rule: string | undefined, inputs = {}): Registration => ({
  ...inComponent,
  type: "okta:index/pushGroup:PushGroup",
  name: `acme-push-${groupId}`,
  inputs: { appId, sourceGroupId: groupId, status: "ACTIVE", deleteTargetGroupOnDestroy: true, ...inputs },
  after: ["acme-app", "acme-assignment", ...(rule === undefined ? [] : [rule])],
  deleteBeforeReplace: true,
});

export const byName = (resources: readonly Registration[]): Registration[] =>
  [...resources].sort((a, b) => (a.name < b.name ? -1 : 1));
export const oktaOf = (resources: readonly Registration[]): Registration[] =>
  byName(resources.filter(({ type }) => type.startsWith("okta:")));
