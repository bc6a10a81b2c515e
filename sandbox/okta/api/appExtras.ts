import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { noContent, ok, type Call, type Route } from "./http.ts";
import type { App, Json } from "../org/model.ts";
import { needApp, type Store } from "../org/store.ts";
import { POLICY_ID } from "./appDocument.ts";

const YEARS_VALID = 10;

interface SigningKey {
  readonly jwk: Json;
  readonly certificate: string;
}

/** One invented signing key for the org. Nobody signs in through these apps, but clients read it. */
async function makeSigningKey(): Promise<SigningKey> {
  const { publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
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

export function appExtraRoutes(store: Store): Route[] {
  let key: Promise<SigningKey> | undefined;
  const signingKey = (): Promise<SigningKey> => (key ??= makeSigningKey());
  const app = (call: Call): App => needApp(store, call.params[0] ?? "");
  return [
    {
      path: "GET /api/v1/apps/{id}/credentials/keys",
      handle: async (call) => {
        const { created, keyId } = app(call);
        const { jwk } = await signingKey();
        const expires = new Date(created);
        expires.setFullYear(expires.getFullYear() + YEARS_VALID);
        const expiresAt = expires.toISOString();
        return ok([{ ...jwk, kid: keyId, created, lastUpdated: created, expiresAt }]);
      },
    },
    {
      path: "GET /api/v1/apps/{id}/sso/saml/metadata",
      handle: async (call) => {
        const found = app(call);
        const { certificate } = await signingKey();
        return {
          status: 200,
          contentType: "application/xml;charset=ISO-8859-1",
          body: metadata(found, call.origin, certificate),
        };
      },
    },
    { path: "PUT /api/v1/apps/{id}/policies/{policy}", handle: (call) => (app(call), noContent) },
    {
      path: "GET /api/v1/policies",
      handle: (call) => {
        const isAccess = call.query.get("type") === "ACCESS_POLICY";
        return {
          status: 200,
          body: isAccess ? [accessPolicy(store, call.origin)] : [],
          links: [`<${call.origin}${call.target}>; rel="self"`],
        };
      },
    },
  ];
}

function accessPolicy(store: Store, origin: string): Json {
  const self = `${origin}/api/v1/policies/${POLICY_ID}`;
  return {
    id: POLICY_ID,
    status: "ACTIVE",
    name: "Any two factors",
    description: "Require two factors to access.",
    priority: 1,
    system: true,
    conditions: null,
    created: store.everyone.created,
    lastUpdated: store.everyone.created,
    _links: {
      self: { href: self, hints: { allow: ["GET", "PUT"] } },
      rules: { href: `${self}/rules`, hints: { allow: ["GET", "POST"] } },
    },
    _embedded: { resourceType: "APP" },
    type: "ACCESS_POLICY",
  };
}
