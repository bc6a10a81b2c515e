import { expect, test, describe } from "vitest";
import { link, matching, time, urlTo } from "../../support/sandbox/okta/shapes.ts";
import { catalogueApp, samlApp, startTestOrg } from "../../support/sandbox/okta/support.ts";

describe("the assignment of a group", () => {
  test("is created by PUT with 200, by default with priority 0, read in the same form, and removed with 204", async () => {
    const org = await startTestOrg();
    const appId = await org.make("POST", "/apps", samlApp("Assigned"));
    const group = await org.make("POST", "/groups", { profile: { name: "Everybody in sales" } });
    const path = `/apps/${appId}/groups/${group}`;
    const assignment = {
      id: group,
      lastUpdated: time,
      priority: 0,
      profile: {},
      _links: {
        app: link(`/api/v1/apps/${appId}`),
        self: link(`/api/v1${path}`),
        group: link(`/api/v1/groups/${group}`),
      },
    };
    expect(await org.api("PUT", path, {})).toMatchObject({ status: 200, body: assignment });
    expect(await org.api("GET", path)).toMatchObject({ status: 200, body: assignment });
    expect((await org.api("PUT", path, { priority: 4, profile: {} })).body).toMatchObject({ priority: 4, profile: {} });
    expect((await org.api("GET", `/apps/${appId}/groups?limit=200`)).body).toMatchObject([{ id: group }]);
    expect(await org.api("DELETE", path)).toMatchObject({ status: 204, body: undefined });
    expect((await org.api("GET", path)).status).toBe(404);
  });
});

describe("the provisioning connection", () => {
  test("of an app that Okta's API can connect goes from DISABLED to ENABLED and never shows its token", async () => {
    const org = await startTestOrg();
    const appId = await org.make("POST", "/apps", { name: "okta_org2org", label: "Other org", signOnMode: "SAML_2_0" });
    const path = `/apps/${appId}/connections/default`;
    const self = { ...link(`/api/v1${path}`), hints: { allow: ["POST", "GET"] } };
    const hop = (action: string): unknown => ({
      ...link(`/api/v1${path}/lifecycle/${action}`),
      hints: { allow: ["POST"] },
    });
    const baseUrl = "https://other.example.com";
    const made = await org.api("POST", path, { baseUrl, profile: { authScheme: "TOKEN", token: "hush" } });
    expect(made).toMatchObject({ status: 200 });
    expect(made.body).toEqual({
      authScheme: "TOKEN",
      status: "DISABLED",
      baseUrl,
      profile: { authScheme: "TOKEN" },
      _links: { activate: hop("activate"), self },
    });
    expect((await org.api("GET", `/apps/${appId}/features`)).status).toBe(400);
    expect(await org.api("POST", `${path}/lifecycle/activate`)).toMatchObject({ status: 204, body: undefined });
    expect((await org.api("GET", path)).body).toEqual({
      authScheme: "TOKEN",
      status: "ENABLED",
      baseUrl,
      profile: { authScheme: "TOKEN" },
      _links: { self, deactivate: hop("deactivate") },
    });
  });

  test("features of such an app are read and changed in part", async () => {
    const org = await startTestOrg();
    const appId = await org.make("POST", "/apps", { name: "okta_org2org", label: "Other org" });
    await org.api("POST", `/apps/${appId}/connections/default?activate=true`, {
      baseUrl: "https://other.example.com",
      profile: { authScheme: "TOKEN", token: "hush" },
    });
    const path = `/apps/${appId}/features`;
    const switchOf = { status: matching(/^(EN|DIS)ABLED$/) };
    const changed = await org.api("PUT", `${path}/USER_PROVISIONING`, {
      create: { lifecycleCreate: { status: "ENABLED" } },
      update: { lifecycleDeactivate: { status: "ENABLED" }, profile: { status: "DISABLED" } },
    });
    const feature = {
      name: "USER_PROVISIONING",
      status: "ENABLED",
      description: "User provisioning settings from Okta to a downstream application",
      capabilities: {
        create: { lifecycleCreate: { status: "ENABLED" } },
        update: {
          profile: { status: "DISABLED" },
          lifecycleDeactivate: { status: "ENABLED" },
          password: { ...switchOf, seed: "RANDOM", change: "KEEP_EXISTING" },
        },
      },
      _links: { self: { href: urlTo(`${path}/USER_PROVISIONING`), hints: { allow: ["GET", "PUT"] } } },
    };
    expect(changed).toMatchObject({ status: 200, body: feature });
    expect((await org.api("GET", `${path}/USER_PROVISIONING`)).body).toEqual(feature);
    expect(await org.api("GET", `${path}/INBOUND_PROVISIONING`)).toMatchObject({
      status: 200,
      body: {
        name: "INBOUND_PROVISIONING",
        capabilities: {
          importSettings: {
            username: { userNameFormat: "EMAIL" },
            schedule: { status: "DISABLED", fullImport: null, incrementalImport: null },
          },
          importRules: { userCreateAndMatch: { exactMatchCriteria: "USERNAME", autoConfirmExactMatch: false } },
        },
      },
    });
  });

  test.each(["custom", "catalogue"])(
    "of a SCIM app (%s) is UNKNOWN with 200, and its features are 400",
    async (kind) => {
      const org = await startTestOrg();
      const appId = await org.make("POST", "/apps", kind === "custom" ? samlApp("A") : catalogueApp("A"));
      const unknown = { status: "UNKNOWN", profile: { authScheme: "UNKNOWN" } };
      const path = `/apps/${appId}/connections/default`;
      const wish = { baseUrl: "https://scim.example.com", profile: { authScheme: "TOKEN", token: "hush" } };
      expect(await org.api("GET", path)).toMatchObject({ status: 200, body: unknown });
      expect(await org.api("POST", path, wish)).toMatchObject({ status: 200, body: unknown });
      expect(await org.api("POST", `${path}/lifecycle/activate`)).toMatchObject({ status: 400 });
      expect(await org.api("GET", path)).toMatchObject({ status: 200, body: unknown });
      for (const method of ["GET", "PUT"]) {
        const refusal = await org.api(
          method,
          `/apps/${appId}/features/USER_PROVISIONING`,
          method === "PUT" ? {} : undefined,
        );
        expect(refusal).toMatchObject({ status: 400, body: { errorCode: "E0000001" } });
      }
      expect((await org.api("GET", `/apps/${appId}`)).body).toMatchObject({ features: [] });
    },
  );
});
