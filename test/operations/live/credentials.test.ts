import { describe, expect, it } from "vitest";
import { oktaAccess, orgSettings } from "../../../operations/live/credentials.ts";

describe("the credentials that pulumi up uses", () => {
  it("come from the environment", () => {
    expect(oktaAccess({ OKTA_ORG_NAME: "acme", OKTA_BASE_URL: "okta-emea.com", OKTA_API_TOKEN: "00t" }, {})).toEqual({
      orgUrl: "https://acme.okta-emea.com",
      authorizationMode: "SSWS",
      token: "00t",
    });
  });

  it("come from the stack first", () => {
    const environment = { OKTA_ORG_NAME: "other", OKTA_API_TOKEN: "00other" };
    expect(oktaAccess(environment, { "okta:orgName": "acme", "okta:apiToken": "00t" })).toEqual({
      orgUrl: "https://acme.okta.com",
      authorizationMode: "SSWS",
      token: "00t",
    });
  });

  it("may be an access token, or a service app with its key", () => {
    const org = { OKTA_ORG_NAME: "acme" };
    expect(oktaAccess({ ...org, OKTA_ACCESS_TOKEN: "eyJ" }, {})).toMatchObject({
      authorizationMode: "Bearer",
      token: "eyJ",
    });
    const service = {
      OKTA_API_CLIENT_ID: "0oa",
      OKTA_API_PRIVATE_KEY: "PEM",
      OKTA_API_PRIVATE_KEY_ID: "kid",
      OKTA_API_SCOPES: "okta.apps.manage,okta.groups.manage",
    };
    expect(oktaAccess({ ...org, ...service }, {})).toEqual({
      orgUrl: "https://acme.okta.com",
      authorizationMode: "PrivateKey",
      clientId: "0oa",
      privateKey: "PEM",
      keyId: "kid",
      scopes: ["okta.apps.manage", "okta.groups.manage"],
    });
  });

  it("reach the org through the provider's proxy if one is set", () => {
    expect(oktaAccess({ OKTA_HTTP_PROXY: "http://127.0.0.1:1234/", OKTA_API_TOKEN: "00t" }, {}).orgUrl).toBe(
      "http://127.0.0.1:1234",
    );
  });

  it("name their org as a stack file does, without the default base URL", () => {
    expect(orgSettings({ OKTA_ORG_NAME: "acme", OKTA_BASE_URL: "okta.com", OKTA_API_TOKEN: "00t" }, {})).toEqual({
      "okta:orgName": "acme",
    });
    expect(orgSettings({ OKTA_ORG_NAME: "acme" }, { "okta:orgName": "beta", "okta:baseUrl": "okta-emea.com" })).toEqual(
      {
        "okta:orgName": "beta",
        "okta:baseUrl": "okta-emea.com",
      },
    );
    expect(orgSettings({ OKTA_HTTP_PROXY: "http://127.0.0.1:1234" }, {})).toEqual({});
  });

  it("are named if they are missing", () => {
    expect(() => oktaAccess({}, {})).toThrow("set OKTA_ORG_NAME");
    expect(() => oktaAccess({ OKTA_ORG_NAME: "acme", OKTA_API_TOKEN: "" }, {})).toThrow("set OKTA_API_TOKEN");
  });

  it("are used in the provider's order: access token, API token, private key", () => {
    const key = { OKTA_API_CLIENT_ID: "0oaMAIN", OKTA_API_PRIVATE_KEY: "PEM" };
    const stack = { "okta:orgName": "customer37", "okta:apiToken": "00t" };
    expect(oktaAccess(key, stack)).toMatchObject({ authorizationMode: "SSWS", token: "00t" });
    expect(oktaAccess({ ...key, OKTA_ACCESS_TOKEN: "eyJ" }, stack)).toMatchObject({
      authorizationMode: "Bearer",
      token: "eyJ",
    });
  });
});
