import { expect, test, describe } from "vitest";
import { any, anything, containing, error, id, link, matching, text, time } from "../../support/sandbox/okta/shapes.ts";
import { asRecord, at, catalogueApp, samlApp, startTestOrg } from "../../support/sandbox/okta/support.ts";

test("the org's own description is public and names its id, cell, pipeline and settings", async () => {
  const org = await startTestOrg();
  const response = await fetch(`${org.url}/.well-known/okta-organization`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("application/json");
  const body: unknown = await response.json();
  expect(body).toEqual({
    id: id("00o"),
    cell: text,
    _links: { organization: { href: org.url } },
    pipeline: text,
    settings: containing({ omEnabled: any(Boolean), itpEnabled: any(Boolean) }),
  });
});

const accessibility = { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null };
const visibility = (name: unknown): unknown => ({
  autoLaunch: false,
  autoSubmitToolbar: false,
  hide: { iOS: false, web: false },
  appLinks: containing({ [`${String(name)}_link`]: true }),
});
const settings = {
  app: {},
  notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
  manualProvisioning: false,
  implicitAssignment: false,
  notes: { admin: null, enduser: null },
};
const userNameTemplate = { template: "${source.login}", type: "BUILT_IN" };
const head = { id: id("0oa"), created: time, lastUpdated: time, status: "ACTIVE", features: [] };

describe("POST /apps", () => {
  test("of a custom SAML app answers 200 with a generated name, a signing key and the sign-on settings", async () => {
    const org = await startTestOrg();
    const { status, body } = await org.api("POST", "/apps?activate=true", samlApp("My Directory"));
    const name = at(body, "name");
    const appId = at(body, "id");
    const path = `/api/v1/apps/${appId}`;
    expect(status).toBe(200);
    expect(name).toMatch(/^\w+_mydirectory_\d+$/);
    expect(body).toEqual({
      ...head,
      orn: matching(new RegExp(`^orn:.*:idp:00o\\w+:apps:${name}:${appId}$`)),
      name,
      label: "My Directory",
      accessibility,
      visibility: visibility(name),
      signOnMode: "SAML_2_0",
      credentials: { userNameTemplate, signing: { kid: text } },
      settings: {
        ...settings,
        signOn: {
          defaultRelayState: "",
          ssoAcsUrl: "https://sp.example.com/acs",
          idpIssuer: "http://www.okta.com/${org.externalKey}",
          audience: "https://sp.example.com",
          recipient: "https://sp.example.com/acs",
          destination: "https://sp.example.com/acs",
          subjectNameIdTemplate: "${user.userName}",
          subjectNameIdFormat: text,
          responseSigned: true,
          assertionSigned: true,
          signatureAlgorithm: "RSA_SHA256",
          digestAlgorithm: "SHA256",
          honorForceAuthn: false,
          authnContextClassRef: text,
          spIssuer: null,
          requestCompressed: false,
          attributeStatements: [],
          inlineHooks: [],
          assertionEncryption: { enabled: false },
          allowMultipleAcsEndpoints: false,
          acsEndpoints: [],
          samlSignedRequestEnabled: false,
          slo: { enabled: false },
        },
      },
      _links: {
        help: { ...link("/setup/help/SAML_2_0/instructions"), type: "text/html" },
        metadata: { ...link(`${path}/sso/saml/metadata`), type: "application/xml" },
        uploadLogo: { ...link(`${path}/logo`), hints: { allow: ["POST"] } },
        appLinks: [{ name: `${name}_link`, href: text, type: "text/html" }],
        profileEnrollment: { href: matching(/\/api\/v1\/policies\/rst/) },
        policies: { ...link(`${path}/policies`), hints: { allow: ["PUT"] } },
        groups: link(`${path}/groups`),
        logo: [{ name: "medium", href: text, type: "image/png" }],
        accessPolicy: { href: matching(/\/api\/v1\/policies\/rst/) },
        users: link(`${path}/users`),
        deactivate: link(`${path}/lifecycle/deactivate`),
      },
    });
  });

  test("of a catalogue app answers 200 with the catalogue's name and no signing key", async () => {
    const org = await startTestOrg();
    const { status, body } = await org.api("POST", "/apps?activate=true", catalogueApp("Test app"));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...head,
      name: "scim2headerauth",
      accessibility,
      visibility: visibility("scim2headerauth"),
      credentials: { userNameTemplate, signing: {} },
      universalLogout: { status: "UNSUPPORTED" },
      settings: { ...settings, emOptInStatus: "NONE" },
    });
    expect(body).not.toHaveProperty("_links.metadata");
  });

  test("ignores features, which only the console switches on", async () => {
    const org = await startTestOrg();
    const { body } = await org.api("POST", "/apps", { ...samlApp("Wishful"), features: ["SCIM_PROVISIONING"] });
    expect(body).toMatchObject({ features: [] });
  });

  test("answers 400 with one cause for each setting that is missing", async () => {
    const org = await startTestOrg();
    const { status, body } = await org.api("POST", "/apps", { label: "Bare", signOnMode: "SAML_2_0", settings: {} });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errorCode: "E0000001", errorSummary: "Api validation failed: settings.signOn" });
    expect(body).toHaveProperty("errorCauses.length", 6);
    expect(body).toHaveProperty("errorCauses.0.errorSummary", "ssoAcsUrl: The field cannot be left blank");
  });
});

test("GET /apps/{id} answers what POST answered", async () => {
  const org = await startTestOrg();
  const made = await org.api("POST", "/apps", samlApp("Again"));
  expect(await org.api("GET", `/apps/${at(made.body, "id")}`)).toMatchObject({ status: 200, body: made.body });
});

test("PUT /apps/{id} keeps id, name, key and creation, and takes label, settings and logout issuer", async () => {
  const org = await startTestOrg();
  const before = (await org.api("POST", "/apps", samlApp("Old label"))).body;
  const wanted = samlApp("New label");
  const settings = asRecord(wanted["settings"]);
  const signOn = { ...asRecord(settings["signOn"]), honorForceAuthn: true };
  const slo = { enabled: true, issuer: "https://sp.example.com", logoutUrl: "https://sp.example.com/logout" };
  const { status, body } = await org.api("PUT", `/apps/${at(before, "id")}`, {
    ...wanted,
    id: "0oaSomethingElse",
    name: "somethingelse",
    status: "INACTIVE",
    created: "2001-01-01T00:00:00.000Z",
    features: ["SCIM_PROVISIONING"],
    settings: { ...settings, signOn: { ...signOn, slo } },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id: at(before, "id"),
    name: at(before, "name"),
    status: "ACTIVE",
    created: at(before, "created"),
    features: [],
    label: "New label",
    credentials: { signing: { kid: at(before, "credentials", "signing", "kid") } },
    settings: { signOn: { honorForceAuthn: true, slo, spIssuer: slo.issuer } },
  });
});

test("an app is deactivated with 200 and nothing, and only then deleted with 204", async () => {
  const org = await startTestOrg();
  const appId = await org.make("POST", "/apps", samlApp("Short-lived"));
  const early = await org.api("DELETE", `/apps/${appId}`);
  expect(early).toMatchObject({ status: 403, body: { errorCode: "E0000056" } });
  expect(await org.api("POST", `/apps/${appId}/lifecycle/deactivate`)).toMatchObject({ status: 200, body: {} });
  expect((await org.api("GET", `/apps/${appId}`)).body).toMatchObject({ status: "INACTIVE" });
  expect(await org.api("DELETE", `/apps/${appId}`)).toMatchObject({ status: 204, body: undefined });
  expect(await org.api("GET", `/apps/${appId}`)).toMatchObject({
    status: 404,
    body: error("E0000007", `Not found: Resource not found: ${appId} (AppInstance)`),
  });
});

test("credentials/keys lists the signing key with its certificate for ten years", async () => {
  const org = await startTestOrg();
  const app = (await org.api("POST", "/apps", samlApp("Keys"))).body;
  const { status, body } = await org.api("GET", `/apps/${at(app, "id")}/credentials/keys`);
  expect(status).toBe(200);
  expect(body).toEqual([
    {
      kty: "RSA",
      created: time,
      lastUpdated: time,
      expiresAt: time,
      kid: at(app, "credentials", "signing", "kid"),
      use: "sig",
      x5c: [text],
      "x5t#S256": text,
      e: "AQAB",
      n: text,
    },
  ]);
  expect(Number(at(body, 0, "expiresAt").slice(0, 4)) - Number(at(body, 0, "created").slice(0, 4))).toBe(10);
});

test("sso/saml/metadata is XML with the certificate and both bindings", async () => {
  const org = await startTestOrg();
  const appId = await org.make("POST", "/apps", samlApp("Metadata"));
  const { status, headers, body } = await org.api("GET", `/apps/${appId}/sso/saml/metadata?kid=any`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/xml;charset=ISO-8859-1");
  expect(body).toMatch(/^<\?xml .*<md:IDPSSODescriptor .*<md:KeyDescriptor use="signing">.*<ds:X509Certificate>/s);
  expect(body).toMatch(/HTTP-POST.*HTTP-Redirect/s);
});

test("an authentication policy is listed with a self link, and set on an app with 204", async () => {
  const org = await startTestOrg();
  const appId = await org.make("POST", "/apps", samlApp("Policy"));
  const { status, headers, body } = await org.api("GET", "/policies?type=ACCESS_POLICY");
  expect(status).toBe(200);
  expect(headers.get("link")).toBe(`<${org.url}/api/v1/policies?type=ACCESS_POLICY>; rel="self"`);
  expect(body).toEqual([
    {
      id: id("rst"),
      status: "ACTIVE",
      name: text,
      description: text,
      priority: any(Number),
      system: any(Boolean),
      conditions: null,
      created: time,
      lastUpdated: time,
      _links: containing({ self: anything, rules: anything }),
      _embedded: { resourceType: "APP" },
      type: "ACCESS_POLICY",
    },
  ]);
  expect((await org.api("PUT", `/apps/${appId}/policies/${at(body, 0, "id")}`)).status).toBe(204);
});
