import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import {
  commonBody,
  commonDefaults,
  commonInputs,
  commonOutputs,
  consoleOutputs,
  deleteApp,
  setAccessPolicy,
  setAppStatus,
} from "./appBody.ts";
import type { OktaClient } from "./client.ts";
import { asRecord, at, flag, importedInputs, optionalText, textAt } from "./values.ts";

const NEEDED_TEXTS = [
  "recipient",
  "destination",
  "audience",
  "subjectNameIdTemplate",
  "subjectNameIdFormat",
  "signatureAlgorithm",
  "digestAlgorithm",
  "authnContextClassRef",
];
const NEEDED = ["ssoUrl", ...NEEDED_TEXTS];
const SIGN_ON_TEXTS = [...NEEDED_TEXTS, "defaultRelayState"];
const SIGN_ON_FLAGS = ["responseSigned", "assertionSigned", "honorForceAuthn", "samlSignedRequestEnabled"];
const IMPORTED = [
  ...commonInputs,
  "ssoUrl",
  ...SIGN_ON_TEXTS,
  ...SIGN_ON_FLAGS,
  "attributeStatements",
  "authenticationPolicy",
];

/** The provider checks this in a creation or update, not in a preview. */
function check(inputs: Properties): void {
  if (optionalText(inputs, "preconfiguredApp") !== undefined) return;
  const missing = NEEDED.filter((key) => optionalText(inputs, key) === undefined);
  if (!flag(inputs, "responseSigned") && !flag(inputs, "assertionSigned"))
    missing.push("responseSigned or assertionSigned");
  if (missing.length > 0) throw new Error(`a custom SAML app needs ${missing.join(", ")}`);
}

function samlBody(inputs: Properties, state?: Properties): Properties {
  check(inputs);
  const common = commonBody(inputs, state);
  const named = optionalText(inputs, "preconfiguredApp");
  const attributeStatements = inputs["attributeStatements"];
  const signOn = {
    allowMultipleAcsEndpoints: false,
    assertionSigned: flag(inputs, "assertionSigned"),
    attributeStatements: Array.isArray(attributeStatements) ? attributeStatements.map(asRecord) : [],
    audience: inputs["audience"],
    authnContextClassRef: inputs["authnContextClassRef"],
    defaultRelayState: optionalText(inputs, "defaultRelayState") ?? "",
    destination: inputs["destination"],
    digestAlgorithm: inputs["digestAlgorithm"],
    honorForceAuthn: flag(inputs, "honorForceAuthn"),
    recipient: inputs["recipient"],
    responseSigned: flag(inputs, "responseSigned"),
    samlSignedRequestEnabled: flag(inputs, "samlSignedRequestEnabled"),
    signatureAlgorithm: inputs["signatureAlgorithm"],
    slo: { enabled: false },
    ssoAcsUrl: inputs["ssoUrl"],
    subjectNameIdFormat: inputs["subjectNameIdFormat"],
    subjectNameIdTemplate: inputs["subjectNameIdTemplate"],
  };
  return {
    ...common,
    ...(named === undefined ? {} : { name: named }),
    signOnMode: "SAML_2_0",
    settings: { ...asRecord(common["settings"]), signOn },
  };
}

const location = (metadata: string, binding: string): string =>
  new RegExp(`bindings:${binding}" Location="([^"]*)"`).exec(metadata)?.[1] ?? "";

async function readSaml(client: OktaClient, id: string): Promise<Properties | undefined> {
  const app = await client.find(`/api/v1/apps/${id}`);
  if (app === undefined) return undefined;
  const keyId = textAt(app, "credentials", "signing", "kid");
  const active = keyId !== "" && textAt(app, "status") === "ACTIVE";
  const path = `/api/v1/apps/${id}/sso/saml/metadata?kid=${keyId}`;
  const fetched = active ? await client.call("GET", path) : "";
  const metadata = typeof fetched === "string" ? fetched : "";
  const keys = await client.list(`/api/v1/apps/${id}/credentials/keys`);
  const entityUrl = /entityID="([^"]*)"/.exec(metadata)?.[1] ?? "";
  return {
    ...commonOutputs(app),
    ...signOnOutputs(app),
    authenticationPolicy: textAt(app, "_links", "accessPolicy", "href").split("/").at(-1) ?? "",
    certificate: /X509Certificate>([^<]*)</.exec(metadata)?.[1] ?? "",
    embedUrl: textAt(firstOf(at(app, "_links", "appLinks")), "href"),
    entityKey: entityUrl.split("/").at(-1) ?? "",
    entityUrl,
    httpPostBinding: location(metadata, "HTTP-POST"),
    httpRedirectBinding: location(metadata, "HTTP-Redirect"),
    keyId,
    keys: keys.map((key) => ({
      kid: textAt(key, "kid"),
      kty: textAt(key, "kty"),
      use: textAt(key, "use"),
      expiresAt: textAt(key, "expiresAt"),
    })),
    logoUrl: textAt(firstOf(at(app, "_links", "logo")), "href"),
    metadata,
    metadataUrl: textAt(app, "_links", "metadata", "href"),
  };
}

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

/** The sign-on settings that an import reads as inputs. */
function signOnOutputs(app: unknown): Properties {
  const signOn = asRecord(at(app, "settings", "signOn"));
  const statements = signOn["attributeStatements"];
  return {
    ssoUrl: signOn["ssoAcsUrl"],
    attributeStatements: Array.isArray(statements) ? statements.map(asRecord) : [],
    ...Object.fromEntries([...SIGN_ON_TEXTS, ...SIGN_ON_FLAGS].map((key) => [key, signOn[key]])),
  };
}

async function needSaml(client: OktaClient, id: string): Promise<Properties> {
  const outputs = await readSaml(client, id);
  if (outputs === undefined) throw new Error(`the app ${id} is gone`);
  return outputs;
}

/** `okta.app.Saml`: a SAML app, custom unless `preconfiguredApp` names one of the catalogue. */
export const samlHandler = (client: OktaClient): ResourceHandler => ({
  computed: [
    "authenticationPolicy",
    "certificate",
    "embedUrl",
    "entityKey",
    "entityUrl",
    "features",
    "httpPostBinding",
    "httpRedirectBinding",
    "keyId",
    "keys",
    "logoUrl",
    "metadata",
    "metadataUrl",
    "name",
    "signOnMode",
  ],
  replaces: ["preconfiguredApp"],
  conflicts: [["skipAuthenticationPolicy", "authenticationPolicy"]],
  create: async (inputs) => {
    const active = optionalText(inputs, "status") !== "INACTIVE";
    const app = await client.call("POST", `/api/v1/apps?activate=${active}`, samlBody(inputs));
    const id = textAt(app, "id");
    await setAccessPolicy(client, id, inputs);
    return { id, outputs: { ...inputs, ...(await needSaml(client, id)) } };
  },
  read: async (id, state) => {
    const outputs = await readSaml(client, id);
    return outputs === undefined ? undefined : { ...state, ...outputs };
  },
  import: async (id) => {
    const app = await client.find(`/api/v1/apps/${id}`);
    if (app === undefined) return undefined;
    const outputs = { ...(await needSaml(client, id)), ...consoleOutputs(app) };
    return { id, outputs, inputs: importedInputs(outputs, IMPORTED, commonDefaults) };
  },
  update: async (id, state, inputs) => {
    await setAppStatus(client, id, state, inputs);
    await client.call("PUT", `/api/v1/apps/${id}`, { ...samlBody(inputs, state), name: state["name"] });
    await setAccessPolicy(client, id, inputs);
    return { ...inputs, ...(await needSaml(client, id)) };
  },
  delete: (id) => deleteApp(client, id),
});
