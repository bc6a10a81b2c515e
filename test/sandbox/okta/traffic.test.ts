import { expect, test, describe } from "vitest";
import { containing, matching } from "../../support/sandbox/okta/shapes.ts";
import { lines, startScene } from "../../support/sandbox/okta/scene.ts";
import { startScimServer } from "../../support/sandbox/okta/scimServer.ts";
import { TOKEN, connect, person, samlApp, startTestOrg } from "../../support/sandbox/okta/support.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const byUserName = (login: string): string =>
  `GET /Users?filter=userName%20eq%20%22${encodeURIComponent(login)}%22&startIndex=1&count=100`;

describe("the headers of every request", () => {
  test("are Okta's, with a content type only if there is a body", async () => {
    const { org, scim, assignment } = await startScene();
    org.admin.hire(person("Ada"), [assignment]);
    await org.idle();
    const [connectorTest] = scim.requests;
    const post = scim.requests.find(({ method }) => method === "POST");
    const common = {
      accept: "application/scim+json",
      "accept-charset": "utf-8",
      "accept-encoding": "gzip,deflate",
      authorization: `Bearer ${TOKEN}`,
      "user-agent": "Okta SCIM Client 1.0.0",
    };
    expect(connectorTest?.headers).toMatchObject(common);
    expect(connectorTest?.headers).not.toHaveProperty("content-type");
    expect(post?.headers).toMatchObject({ ...common, "content-type": "application/scim+json; charset=utf-8" });
    expect(post?.headerNames).toEqual(expect.arrayContaining(["Accept-Charset", "User-Agent", "Authorization"]));
  });

  test("carry exactly the entered value for the catalogue's header-auth app, even without Bearer", async () => {
    const { org, scim, appId } = await startScene({ kind: "catalogue" });
    expect(scim.requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    scim.script = ({ headers }) => (headers.authorization?.startsWith("Bearer ") ? undefined : { status: 401 });
    const result = await org.admin.changeToken(appId, TOKEN);
    expect(scim.requests.at(-1)?.headers.authorization).toBe(TOKEN);
    expect(result).toEqual({ ok: false, message: containing("Authorization failure") });
  });
});

describe("the connector test", () => {
  test("reads two users and writes nothing, on each save", async () => {
    const { org, scim, appId } = await startScene();
    expect(scim.lines()).toEqual(["GET /Users?startIndex=1&count=2"]);
    await connect(org, appId, scim.baseUrl);
    expect(scim.lines()).toEqual(["GET /Users?startIndex=1&count=2"]);
  });

  test("also reads groups if importing groups is checked", async () => {
    const { org, scim, appId } = await startScene();
    scim.lines();
    const actions = { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true, importGroups: true };
    await connect(org, appId, scim.baseUrl, { actions });
    expect(scim.lines()).toEqual(["GET /Users?startIndex=1&count=2", "GET /Groups?startIndex=1&count=100"]);
  });

  test.each([
    ["a total that is text", { totalResults: "0", startIndex: 1, itemsPerPage: 0, Resources: [] }],
    ["no itemsPerPage", { totalResults: 0, startIndex: 1, Resources: [] }],
    ["something other than JSON", "<html>"],
  ])("fails on %s and leaves the app as it was", async (_what, body) => {
    const { org, scim, appId } = await startScene();
    org.admin.disconnect(appId);
    scim.script = () => ({ status: 200, body });
    await expect(connect(org, appId, scim.baseUrl)).rejects.toThrow(/whole numbers/);
    expect((await org.api("GET", `/apps/${appId}`)).body).toMatchObject({ features: [] });
  });
});

describe("assigning a person", () => {
  test("looks the userName up and creates the record", async () => {
    const { org, assignment, sent } = await startScene();
    const { id } = org.admin.hire(person("Ada", { displayName: "Ada L", locale: "en-US" }), [assignment]);
    const requests = await sent();
    expect(lines(requests)).toEqual([byUserName("ada@example.com"), "POST /Users"]);
    expect(requests[1]?.body).toEqual({
      schemas: [USER],
      userName: "ada@example.com",
      name: { givenName: "Ada", familyName: "Tester" },
      emails: [{ primary: true, value: "ada@example.com", type: "work" }],
      displayName: "Ada L",
      locale: "en-US",
      externalId: id,
      groups: [],
      password: matching(/^\S{6,}$/),
      active: true,
    });
  });

  test("sends the enterprise extension and its URN only if there is a value", async () => {
    const { org, assignment, sent } = await startScene();
    org.admin.hire(person("Ada", { department: "Sales" }), [assignment]);
    expect((await sent())[1]?.body).toMatchObject({
      schemas: [USER, ENTERPRISE],
      [ENTERPRISE]: { department: "Sales" },
    });
    org.admin.hire(person("Bo"), [assignment]);
    const bare = (await sent())[1]?.body;
    expect(bare).toMatchObject({ schemas: [USER] });
    expect(bare).not.toHaveProperty([ENTERPRISE]);
  });

  test("treats 404 as no result", async () => {
    const { org, scim, assignment, sent } = await startScene();
    scim.script = ({ target }) => (target.includes("filter=") ? { status: 404 } : undefined);
    org.admin.hire(person("Ada"), [assignment]);
    expect(lines(await sent())).toEqual([byUserName("ada@example.com"), "POST /Users"]);
  });

  test("links an existing record: reads it, then writes it back merged with Okta's values", async () => {
    const { org, scim, appId, assignment, sent } = await startScene();
    const own = { name: { formatted: "A. L.", givenName: "A" }, meta: { version: "7" }, groups: [{ value: "g9" }] };
    scim.users.set("u7", { id: "u7", schemas: [USER], userName: "ADA@example.com", nickName: "Al", ...own });
    const { id } = org.admin.hire(person("Ada"), [assignment]);
    const requests = await sent();
    expect(lines(requests)).toEqual([byUserName("ada@example.com"), "GET /Users/u7", "PUT /Users/u7"]);
    expect(requests[2]?.body).toMatchObject({
      ...own,
      id: "u7",
      userName: "ada@example.com",
      name: { formatted: "A. L.", givenName: "Ada", familyName: "Tester" },
      externalId: id,
      active: true,
    });
    expect(requests[2]?.body).not.toHaveProperty("password");
    expect((await org.api("GET", `/apps/${appId}/users/${id}`)).body).toMatchObject({ externalId: "u7" });
  });

  test("looks up the name from the app's template", async () => {
    const scim = await startScimServer();
    const org = await startTestOrg();
    const appId = await org.make("POST", "/apps", samlApp("By mail", "${source.email}"));
    await connect(org, appId, scim.baseUrl);
    scim.lines();
    const { id } = org.admin.hire(person("Ada", { email: "ada.l@mail.example" }));
    await org.api("POST", `/apps/${appId}/users`, { id });
    await org.idle();
    expect(scim.lines()).toEqual([byUserName("ada.l@mail.example"), "POST /Users"]);
  });
});

describe.each(["custom", "catalogue"] as const)("a change of a profile (%s app)", (kind) => {
  test("is a GET and a PUT of everything, without attributes that have no value any more", async () => {
    const { org, assignment, sent } = await startScene({ kind });
    org.admin.hire(person("Ada", { title: "Clerk", department: "Sales" }), [assignment]);
    await sent();
    org.admin.changeProfile("ada@example.com", { title: null, department: null, nickName: "Al" });
    const requests = await sent();
    expect(lines(requests)).toEqual(["GET /Users/u1", "PUT /Users/u1"]);
    expect(requests[1]?.body).toMatchObject({ schemas: [USER], nickName: "Al", active: true, id: "u1" });
    expect(requests[1]?.body).not.toHaveProperty("title");
    expect(requests[1]?.body).not.toHaveProperty([ENTERPRISE]);
  });
});

describe("unassigning, deactivating and reactivating", () => {
  test("of a custom app are GET and PUT with the server's own values; only active changes", async () => {
    const { org, scim, assignment, sent } = await startScene();
    org.admin.hire(person("Ada"), [assignment]);
    await sent();
    const kept = { ...scim.users.get("u1"), displayName: "as the server says", emails: [{ value: "x@y.example" }] };
    const { groups: _groups, ...served } = kept as Record<string, unknown>;
    scim.users.set("u1", { ...served, id: "u1" });
    org.admin.setLifecycle("ada@example.com", "deactivate");
    const requests = await sent();
    expect(lines(requests)).toEqual(["GET /Users/u1", "PUT /Users/u1"]);
    expect(requests[1]?.body).toEqual({ ...served, id: "u1", active: false });

    org.admin.setLifecycle("ada@example.com", "activate");
    const again = await sent();
    expect(lines(again)).toEqual([byUserName("ada@example.com"), "GET /Users/u1", "PUT /Users/u1"]);
    expect(again[2]?.body).toMatchObject({ active: true });
  });

  test("of a catalogue app are a PATCH without a path", async () => {
    const { org, assignment, sent } = await startScene({ kind: "catalogue" });
    org.admin.hire(person("Ada"), [assignment]);
    await sent();
    org.admin.removeFromGroup("ada@example.com", assignment);
    const [off, ...none] = await sent();
    expect(none).toEqual([]);
    expect(off).toMatchObject({ method: "PATCH", target: "/Users/u1" });
    expect(off?.body).toEqual({ schemas: [PATCH_OP], Operations: [{ op: "replace", value: { active: false } }] });

    org.admin.addToGroup("ada@example.com", assignment);
    const back = await sent();
    expect(lines(back).slice(0, 2)).toEqual([byUserName("ada@example.com"), "PATCH /Users/u1"]);
    expect(back[1]?.body).toMatchObject({ Operations: [{ op: "replace", value: { active: true } }] });
  });

  test("never delete, not even for a person who is deleted in Okta", async () => {
    const { org, scim, assignment, sent } = await startScene();
    org.admin.hire(person("Ada"), [assignment]);
    await sent();
    const { id } = org.admin.hire(person("Bo"), [assignment]);
    await sent();
    expect((await org.api("DELETE", `/users/${id}`)).status).toBe(204);
    expect((await org.api("DELETE", `/users/${id}`)).status).toBe(204);
    expect(lines(await sent())).toEqual(["GET /Users/u2", "PUT /Users/u2"]);
    expect(scim.users.get("u2")).toMatchObject({ active: false });
    expect((await org.api("GET", `/users/${id}`)).status).toBe(404);
  });
});

test("an import reads pages of a hundred until it has them all", async () => {
  const { org, scim, appId, sent } = await startScene();
  for (let index = 1; index <= 205; index += 1) {
    scim.users.set(`x${index}`, { id: `x${index}`, userName: `x${index}@example.com`, active: index % 5 !== 0 });
  }
  const result = await org.admin.importUsers(appId);
  expect(lines(await sent())).toEqual([
    "GET /Users?startIndex=1&count=100",
    "GET /Users?startIndex=101&count=100",
    "GET /Users?startIndex=201&count=100",
  ]);
  expect(result).toMatchObject({ returned: 205, scanned: 164 });
});
