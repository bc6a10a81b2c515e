import { expect, test, describe } from "vitest";
import { containing, id, link, matching, text, time, urlTo } from "../../support/sandbox/okta/shapes.ts";
import { asList, asRecord, at, person, samlApp, startTestOrg } from "../../support/sandbox/okta/support.ts";

describe("POST /users", () => {
  const post = (path: string): unknown => ({ ...link(path), method: "POST" });

  test("answers 200 with status PROVISIONED, two attributes that are null, and the next steps as links", async () => {
    const org = await startTestOrg();
    const { status, body } = await org.api("POST", "/users", {
      credentials: { password: {} },
      profile: person("Ada", { postalAddress: null }),
    });
    const self = `/api/v1/users/${at(body, "id")}`;
    expect(status).toBe(200);
    expect(body).toEqual({
      id: id("00u"),
      status: "PROVISIONED",
      created: time,
      activated: time,
      statusChanged: time,
      lastLogin: null,
      lastUpdated: time,
      passwordChanged: null,
      type: { id: id("oty") },
      profile: { ...person("Ada"), mobilePhone: null, secondEmail: null },
      credentials: { provider: { type: "OKTA", name: "OKTA" } },
      _links: {
        suspend: post(`${self}/lifecycle/suspend`),
        schema: { href: matching(/\/api\/v1\/meta\/schemas\/user\/osc\w{17}$/) },
        resetPassword: post(`${self}/lifecycle/reset_password`),
        resetFactors: post(`${self}/lifecycle/reset_factors`),
        reactivate: post(`${self}/lifecycle/reactivate`),
        self: link(self),
        type: { href: matching(/\/api\/v1\/meta\/types\/user\/oty\w{17}$/) },
        deactivate: post(`${self}/lifecycle/deactivate`),
      },
    });
    expect(await org.api("GET", `/users/${at(body, "id")}`)).toMatchObject({ status: 200, body });
  });

  test("with activate=false answers STAGED, without times of an activation, and with the step to activate", async () => {
    const org = await startTestOrg();
    const { status, body } = await org.api("POST", "/users?activate=false", { profile: person("Ada") });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "STAGED", activated: null, statusChanged: null, created: time });
    expect(body).toHaveProperty("_links.activate", post(`/users/${at(body, "id")}/lifecycle/activate`));
    expect(body).not.toHaveProperty("_links.deactivate");
  });
});

test("a search returns people with only a self link, and links to itself and to the next page", async () => {
  const org = await startTestOrg();
  const first = await org.make("POST", "/users", { profile: person("Ada") });
  await org.make("POST", "/users", { profile: person("Bo") });
  const query = "search=profile.lastName+eq+%22Tester%22";
  const { status, headers, body } = await org.api("GET", `/users?limit=1&${query}`);
  expect(status).toBe(200);
  expect(body).toMatchObject([{ id: first, _links: { self: link(`/api/v1/users/${first}`) } }]);
  expect(Object.keys(asRecord(asRecord(asList(body)[0])["_links"]))).toEqual(["self"]);
  expect(headers.get("link")).toBe(
    `<${org.url}/api/v1/users?limit=1&${query}>; rel="self", <${org.url}/api/v1/users?after=${first}&limit=1&${query}>; rel="next"`,
  );
});

test("PUT replaces the profile, its custom attributes included, and keeps creation and activation", async () => {
  const org = await startTestOrg();
  const properties = {
    badges: { title: "Badges", type: "array" },
    level: { title: "Level", type: "number" },
  };
  await org.api("POST", "/meta/schemas/user/default", { definitions: { custom: { properties } } });
  const before = (await org.api("POST", "/users", { profile: person("Ada", { title: "Clerk" }) })).body;
  const { status, body } = await org.api("PUT", `/users/${at(before, "id")}`, {
    profile: person("Ada", { badges: ["gold"], level: 1, postalAddress: null }),
    type: { id: at(before, "type", "id") },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ created: at(before, "created"), activated: at(before, "activated"), lastUpdated: time });
  expect(body).toHaveProperty("profile", {
    ...person("Ada"),
    badges: ["gold"],
    level: 1,
    mobilePhone: null,
    secondEmail: null,
  });
});

test("deactivation answers 200 without a body, DELETE 204, and there are no roles", async () => {
  const org = await startTestOrg();
  const user = await org.make("POST", "/users", { profile: person("Ada") });
  expect(await org.api("GET", `/users/${user}/roles`)).toMatchObject({ status: 200, body: [] });
  expect(await org.api("POST", `/users/${user}/lifecycle/deactivate`)).toMatchObject({ status: 200, body: {} });
  expect((await org.api("GET", `/users/${user}`)).body).toMatchObject({ status: "DEPROVISIONED" });
  expect(await org.api("DELETE", `/users/${user}`)).toMatchObject({ status: 204, body: undefined });
  expect((await org.api("GET", `/users/${user}`)).status).toBe(404);
});

describe("the user schema", () => {
  const typed = (type: string, more: Record<string, unknown> = {}): unknown =>
    containing({ title: text, type, mutability: "READ_WRITE", scope: "NONE", ...more });

  test("has Okta's own attributes in base and the org's in custom", async () => {
    const org = await startTestOrg();
    const { status, body } = await org.api("GET", "/meta/schemas/user/default");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: urlTo("/meta/schemas/user/default"),
      $schema: "http://json-schema.org/draft-04/schema#",
      name: "user",
      title: "User",
      description: text,
      created: time,
      lastUpdated: time,
      type: "object",
      properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
      definitions: {
        custom: { id: "#custom", type: "object", properties: {}, required: [] },
        base: {
          id: "#base",
          required: ["login", "firstName", "lastName", "email"],
          properties: {
            login: typed("string", { required: true, minLength: 5, maxLength: 100 }),
            firstName: typed("string", { required: true, minLength: 1, maxLength: 50 }),
            email: typed("string", { required: true, format: "email" }),
            department: typed("string"),
            managerId: typed("string"),
          },
        },
      },
      _links: { self: { rel: "self", method: "GET" }, type: { rel: "type", method: "GET" } },
    });
  });

  test("accepts a custom attribute by POST and answers with the whole schema", async () => {
    const org = await startTestOrg();
    const properties = { costPlace: { title: "Cost place", type: "string", maxLength: 5, scope: "NONE" } };
    const { status, body } = await org.api("POST", "/meta/schemas/user/default", {
      definitions: { custom: { id: "#custom", type: "object", properties } },
    });
    expect(status).toBe(200);
    expect(body).toHaveProperty("definitions.custom.properties.costPlace", typed("string", { maxLength: 5 }));
    expect((await org.api("POST", "/users", { profile: person("Ada", { costPlace: "A1" }) })).status).toBe(200);
    const long = await org.api("POST", "/users", { profile: person("Bo", { costPlace: "A12345" }) });
    expect(long).toMatchObject({ status: 400, body: { errorSummary: "Api validation failed: costPlace" } });
  });
});

describe("profile mappings", () => {
  test("are two per app, listed without properties, each end linked to its schema", async () => {
    const org = await startTestOrg();
    const app = (await org.api("POST", "/apps", samlApp("Directory"))).body;
    const { status, headers, body } = await org.api("GET", "/mappings?limit=200");
    const appUser = {
      id: at(app, "id"),
      name: at(app, "name"),
      type: "appuser",
      _links: {
        self: link(`/api/v1/apps/${at(app, "id")}`),
        schema: link(`/api/v1/meta/schemas/apps/${at(app, "id")}/default`),
      },
    };
    const user = {
      id: id("oty"),
      name: "user",
      type: "user",
      _links: {
        self: { href: matching(/\/api\/v1\/meta\/types\/user\/oty\w{17}$/) },
        schema: { href: matching(/\/api\/v1\/meta\/schemas\/user\/osc\w{17}$/) },
      },
    };
    const self = { self: { href: matching(/\/api\/v1\/mappings\/prm\w{17}$/) } };
    expect(status).toBe(200);
    expect(headers.get("link")).toBe(`<${org.url}/api/v1/mappings?limit=200>; rel="self"`);
    expect(body).toEqual([
      { id: id("prm"), source: appUser, target: user, _links: self },
      { id: id("prm"), source: user, target: appUser, _links: self },
    ]);
    const filtered = await org.api(
      "GET",
      `/mappings?limit=200&sourceId=${at(app, "id")}&targetId=${at(body, 0, "target", "id")}`,
    );
    expect(filtered.body).toEqual([asList(body)[0]]);
    expect(filtered.headers.get("link")).toBe(`<${org.url}/api/v1/mappings?limit=200>; rel="self"`);
  });

  test("show only their properties, accept some by POST, and lose those that are null", async () => {
    const org = await startTestOrg();
    const appId = await org.make("POST", "/apps", samlApp("Directory"));
    const mapping = at((await org.api("GET", `/mappings?sourceId=${appId}`)).body, 0, "id");
    const row = (expression: string): unknown => ({ expression, pushStatus: "DONT_PUSH" });
    const written = await org.api("POST", `/mappings/${mapping}`, {
      id: mapping,
      properties: { email: row("appuser.email"), login: row("appuser.email"), firstName: row("appuser.firstName") },
    });
    expect(written).toMatchObject({ status: 200, body: { id: mapping, properties: { email: row("appuser.email") } } });
    const emptied = await org.api("POST", `/mappings/${mapping}`, {
      id: mapping,
      source: asRecord(written.body)["source"],
      properties: { email: null, firstName: null, login: row("appuser.email") },
    });
    expect(emptied).toMatchObject({ status: 200 });
    expect((await org.api("GET", `/mappings/${mapping}`)).body).toEqual(emptied.body);
    expect(emptied.body).toHaveProperty("properties", { login: row("appuser.email") });
    expect(emptied.body).toHaveProperty("_links.self", link(`/api/v1/mappings/${mapping}`));
  });
});
