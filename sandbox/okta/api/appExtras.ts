import { generateKeyPairSync, randomBytes } from "node:crypto";
import { invalid } from "../errors.ts";
import { noContent, ok, type Call, type Route } from "../http.ts";
import type { App, Json } from "../model.ts";
import { needApp, type Store } from "../store.ts";
import { POLICY_ID } from "./appDocument.ts";

const YEARS_VALID = 10;

/** One made-up signing key for the org: nobody signs in through these apps, but clients read it. */
function makeSigningKey(): { readonly jwk: Json; readonly certificate: string } {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const certificate = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const { kty, n, e } = publicKey.export({ format: "jwk" });
  return {
    certificate,
    jwk: { kty, n, e, use: "sig", x5c: [certificate], "x5t#S256": randomBytes(32).toString("base64url") },
  };
}

const metadata = (app: App, origin: string, certificate: string): string => {
  const location = `${origin}/app/${app.name}/${app.id}/sso/saml`;
  const binding = (kind: string): string =>
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${kind}" Location="${location}"/>`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<md:EntityDescriptor entityID="http://www.okta.com/exk${app.id.slice(3)}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">`,
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>`,
    `<ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>`,
    binding("HTTP-POST"),
    binding("HTTP-Redirect"),
    `</md:IDPSSODescriptor></md:EntityDescriptor>`,
  ].join("");
};

/** What Okta answers where its public API cannot set up provisioning: 200, but UNKNOWN. */
const unknownConnection = (app: App, origin: string): Json => ({
  authScheme: "UNKNOWN",
  status: "UNKNOWN",
  profile: { authScheme: "UNKNOWN" },
  _links: { self: { href: `${origin}/api/v1/apps/${app.id}/connections/default`, hints: { allow: ["POST", "GET"] } } },
});

export function appExtraRoutes(store: Store): Route[] {
  let key: ReturnType<typeof makeSigningKey> | undefined;
  const signingKey = (): ReturnType<typeof makeSigningKey> => (key ??= makeSigningKey());
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  const noFeatures = (call: Call): never => {
    throw invalid("features", `Provisioning is not supported for the app ${app(call).name} through this API`);
  };
  return [
    {
      path: "GET /api/v1/apps/{id}/connections/default",
      handle: (call) => ok(unknownConnection(app(call), call.origin)),
    },
    {
      path: "POST /api/v1/apps/{id}/connections/default",
      handle: (call) => ok(unknownConnection(app(call), call.origin)),
    },
    {
      path: "POST /api/v1/apps/{id}/connections/default/lifecycle/{action}",
      handle: (call) => {
        throw invalid(
          "connection",
          `The provisioning connection of the app ${app(call).name} cannot be changed through this API`,
        );
      },
    },
    { path: "GET /api/v1/apps/{id}/features", handle: noFeatures },
    { path: "GET /api/v1/apps/{id}/features/{name}", handle: noFeatures },
    { path: "PUT /api/v1/apps/{id}/features/{name}", handle: noFeatures },
    {
      path: "GET /api/v1/apps/{id}/credentials/keys",
      handle: (call) => {
        const { created, keyId } = app(call);
        const expires = new Date(created);
        expires.setFullYear(expires.getFullYear() + YEARS_VALID);
        const expiresAt = expires.toISOString();
        return ok([{ ...signingKey().jwk, kid: keyId, created, lastUpdated: created, expiresAt }]);
      },
    },
    {
      path: "GET /api/v1/apps/{id}/sso/saml/metadata",
      handle: (call) => ({
        status: 200,
        contentType: "application/xml",
        body: metadata(app(call), call.origin, signingKey().certificate),
      }),
    },
    { path: "PUT /api/v1/apps/{id}/policies/{policy}", handle: (call) => (app(call), noContent) },
    {
      path: "GET /api/v1/policies",
      handle: ({ query }) =>
        ok(
          query.get("type") === "ACCESS_POLICY"
            ? [
                {
                  id: POLICY_ID,
                  status: "ACTIVE",
                  name: "Any two factors",
                  priority: 1,
                  system: true,
                  type: "ACCESS_POLICY",
                  conditions: null,
                  _embedded: { resourceType: "APP" },
                },
              ]
            : [],
        ),
    },
  ];
}
