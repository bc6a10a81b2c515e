import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { expect, test, describe } from "vitest";
import { containing, error, matching } from "../../support/sandbox/okta/shapes.ts";
import { startScene } from "../../support/sandbox/okta/scene.ts";
import { asList, at, person, samlApp, startTestOrg, type TestOrg } from "../../support/sandbox/okta/support.ts";

describe("every request", () => {
  test.each([["none"], ["SSWS wrong"], ["Bearer wrong"]])(
    "needs the org's token: 401 with %s",
    async (authorization) => {
      const org = await startTestOrg();
      const headers: Record<string, string> = authorization === "none" ? {} : { authorization };
      const response = await fetch(`${org.url}/api/v1/users`, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual(error("E0000011", "Invalid token provided"));
    },
  );

  test.each([
    ["GET", "/nothing", undefined, 404, "E0000007"],
    ["GET", "/users/00uGone", undefined, 404, "E0000007"],
    ["DELETE", "/mappings", undefined, 405, "E0000022"],
    ["POST", "/groups", {}, 400, "E0000001"],
    ["GET", "/users?search=nonsense", undefined, 400, "E0000031"],
    ["GET", "/groups?filter=type%20like%20%22x%22", undefined, 400, "E0000031"],
    ["GET", "/users?limit=0", undefined, 400, "E0000001"],
    ["GET", "/users?after=00uNever", undefined, 400, "E0000001"],
    ["GET", "/users?search=", undefined, 400, "E0000031", "(".repeat(5000)],
  ])("with an error gets Okta's answer: %s %s", async (method, path, body, status, errorCode, rest = "") => {
    const org = await startTestOrg();
    expect(await org.api(method, `${path}${rest}`, body)).toMatchObject({
      status,
      body: { errorCode, errorLink: errorCode, errorId: matching(/^oae/), errorSummary: matching(/./) },
    });
  });

  test("with a body that is no JSON is 400 E0000003", async () => {
    const org = await startTestOrg();
    const response = await fetch(`${org.url}/api/v1/groups`, {
      method: "POST",
      headers: { authorization: `SSWS ${org.apiToken}` },
      body: "{",
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      error("E0000003", "The request body was not well-formed."),
    ]);
  });
});

test("each Link relation has its own header, as the provider's client reads them", async () => {
  const org = await startTestOrg();
  for (const name of ["A", "B"]) await org.make("POST", "/groups", { profile: { name } });
  const headers = { authorization: `SSWS ${org.apiToken}` };
  const [response] = (await once(
    get(`${org.url}/api/v1/groups?limit=1&filter=type+eq+"OKTA_GROUP"`, { headers }),
    "response",
  )) as [IncomingMessage];
  response.resume();
  const links = response.rawHeaders.filter((_, index, all) => all[index - 1] === "Link");
  expect(links.map((link) => /rel="(\w+)"/.exec(link)?.[1])).toEqual(["self", "next"]);
});

test("a body of more than 5 MB is 413", async () => {
  const org = await startTestOrg();
  const answer = await org.api("POST", "/groups", { profile: { name: "x", description: "x".repeat(5_000_000) } });
  expect(answer).toMatchObject({ status: 413, body: { errorCode: "E0000001" } });
});

describe("the rate limit", () => {
  test("counts down in the headers, part by part of the API, and ends in 429 until it is reset", async () => {
    const org = await startTestOrg({ rateLimit: { requests: 2, windowSeconds: 60 } });
    const limits = async (path: string): Promise<unknown> => {
      const { status, headers } = await org.api("GET", path);
      return [status, headers.get("x-rate-limit-limit"), headers.get("x-rate-limit-remaining")];
    };
    expect(await limits("/users")).toEqual([200, "2", "1"]);
    expect(await limits("/users/me")).toEqual([200, "2", "0"]);
    const refused = await org.api("GET", "/users");
    expect(refused).toMatchObject({ status: 429 });
    expect(refused.body).toEqual(error("E0000047", "API call exceeded rate limit due to too many requests."));
    expect(await limits("/groups")).toEqual([200, "2", "1"]);
    const { headers } = refused;
    const now = Date.parse(headers.get("date") ?? "") / 1000;
    const reset = Number(headers.get("x-rate-limit-reset"));
    expect(Number.isInteger(reset)).toBe(true);
    expect(reset - now).toBeGreaterThan(50);
    expect(reset - now).toBeLessThanOrEqual(61);
    expect(headers.get("x-okta-request-id")).toMatch(/^req/);
  });
});

describe("the System Log", () => {
  const types = (body: unknown): string[] => asList(body).map((event) => at(event, "eventType"));

  test("gives whole events, bounded by since and until, filtered, searched and in both orders", async () => {
    const org = await startTestOrg();
    org.admin.hire(person("Ada"));
    org.admin.setLifecycle("ada@example.com", "suspend");
    org.admin.setLifecycle("ada@example.com", "unsuspend");
    const soon = new Date(Date.now() + 60_000).toISOString();
    const past = new Date(Date.now() - 60_000).toISOString();
    const ours = `target.id eq "${at((await org.api("GET", "/users/ada")).body, "id")}"`;
    const get = (query: Record<string, string>): ReturnType<TestOrg["api"]> =>
      org.api("GET", `/logs?${new URLSearchParams(query).toString()}`);
    const { body } = await get({ since: past, until: soon, filter: ours });
    expect(types(body)).toEqual(["user.lifecycle.create", "user.lifecycle.suspend", "user.lifecycle.unsuspend"]);
    expect(asList(body)[0]).toMatchObject({
      uuid: matching(/^[0-9a-f-]{36}$/),
      published: matching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      version: "0",
      severity: "INFO",
      displayMessage: "Create Okta user",
      actor: { type: "SystemPrincipal" },
      outcome: { result: "SUCCESS", reason: null },
      target: [{ type: "User", alternateId: "ada@example.com", displayName: "ada@example.com", detailEntry: null }],
      debugContext: { debugData: {} },
      request: { ipChain: [] },
    });
    const descending = await get({ until: soon, sortOrder: "DESCENDING", limit: "1" });
    expect(types(descending.body)).toEqual(["user.lifecycle.unsuspend"]);
    expect(types((await get({ until: soon, q: "SUSPEND ada" })).body)).toHaveLength(2);
    expect((await get({ since: soon, until: soon })).body).toEqual([]);
    expect((await get({ until: past })).body).toEqual([]);
    expect((await get({ since: "yesterday" })).status).toBe(400);
    expect((await get({ filter: "eventType" })).status).toBe(400);
  });

  test("is polled by next links, which never end and give each event once", async () => {
    const org = await startTestOrg();
    const follow = (headers: Headers): string => /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? "";
    let page = await org.api("GET", "/logs?limit=100");
    const first = types(page.body);
    page = await org.api("GET", follow(page.headers).slice(org.url.length));
    expect(page.body).toEqual([]);
    org.admin.hire(person("Ada"));
    page = await org.api("GET", follow(page.headers).slice(org.url.length));
    expect(types(page.body)).toEqual(["user.lifecycle.create"]);
    expect(first).toEqual(["user.lifecycle.create"]);
  });
});

describe("a person", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["no last name", { lastName: "" }, "lastName: The field cannot be left blank"],
    ["a login that is no address", { login: "adadada" }, "login: Username must be in the form of an email address"],
    ["a mail without an at", { email: "example.com" }, "email: Does not match required pattern"],
    ["an attribute that nobody defined", { shoeSize: 38 }, "shoeSize: The attribute is not defined in the user schema"],
    ["a number for text", { title: 7 }, "title: The value must be of type string"],
    ["a name that is too long", { firstName: "x".repeat(51) }, containing("at most 50 characters") as string],
  ])("is refused with %s", async (_what, change, cause) => {
    const org = await startTestOrg();
    expect(await org.api("POST", "/users", { profile: person("Ada", change) })).toMatchObject({
      status: 400,
      body: { errorCode: "E0000001", errorCauses: [{ errorSummary: cause }] },
    });
  });

  test("has a login of their own, whatever its case", async () => {
    const org = await startTestOrg();
    org.admin.hire(person("Ada"));
    const twin = await org.api("POST", "/users", { profile: person("Ada", { login: "ADA@example.com" }) });
    expect(twin).toMatchObject({ status: 400, body: { errorSummary: "Api validation failed: login" } });
  });

  test.each([
    ["STAGED", "suspend", 400],
    ["STAGED", "reactivate", 403],
    ["STAGED", "activate", 200],
    ["PROVISIONED", "activate", 403],
    ["PROVISIONED", "unsuspend", 400],
    ["PROVISIONED", "reactivate", 200],
    ["PROVISIONED", "reset_password", 501],
  ])("who is %s answers %s with %i", async (status, action, code) => {
    const org = await startTestOrg();
    const id = await org.make("POST", `/users?activate=${status !== "STAGED"}`, { profile: person("Ada") });
    expect((await org.api("GET", `/users/${id}`)).body).toMatchObject({ status });
    expect((await org.api("POST", `/users/${id}/lifecycle/${action}`)).status).toBe(code);
  });

  test("is found by id, login and the part before the at, and by search and filter", async () => {
    const org = await startTestOrg();
    const { id } = org.admin.hire(person("Ada", { department: "R&D" }));
    for (const name of [id, "ADA@example.com", "ada"])
      expect((await org.api("GET", `/users/${name}`)).body).toMatchObject({ id });
    const ids = async (query: Record<string, string>): Promise<string[]> =>
      asList((await org.api("GET", `/users?${new URLSearchParams(query).toString()}`)).body).map((one) =>
        at(one, "id"),
      );
    expect(await ids({ search: `profile.department eq "R&D"` })).toEqual([id]);
    expect(await ids({ search: `profile.login sw "ada" and not (status eq "STAGED")` })).toEqual([id]);
    expect(await ids({ filter: `profile.firstName eq "Ada" or profile.firstName eq "Bo"` })).toEqual([id]);
    expect(await ids({ q: "ad" })).toContain(id);
    expect(await ids({ search: `created gt "2000-01-01T00:00:00Z" and profile.firstName eq "Ada"` })).toEqual([id]);
    org.admin.setLifecycle(id, "deactivate");
    expect(await ids({})).not.toContain(id);
    expect(await ids({ search: `status eq "DEPROVISIONED"` })).toEqual([id]);
  });
});

describe("a group", () => {
  test("of another kind cannot be edited, and Everyone cannot be deleted", async () => {
    const org = await startTestOrg();
    const everyone = at((await org.api("GET", "/groups?q=Everyone")).body, 0, "id");
    const { id } = org.admin.hire(person("Ada"));
    expect((await org.api("PUT", `/groups/${everyone}`, { profile: { name: "All" } })).status).toBe(501);
    expect((await org.api("DELETE", `/groups/${everyone}/users/${id}`)).status).toBe(501);
    expect((await org.api("DELETE", `/groups/${everyone}`)).status).toBe(403);
  });

  test("has a name of its own of at most 255 characters", async () => {
    const org = await startTestOrg();
    const make = async (name: string): Promise<number> =>
      (await org.api("POST", "/groups", { profile: { name } })).status;
    expect([
      await make("x".repeat(255)),
      await make("x".repeat(255)),
      await make("x".repeat(256)),
      await make(""),
    ]).toEqual([200, 400, 400, 400]);
  });

  test("that a push fills is not deleted while it is mapped", async () => {
    const it = await startScene();
    const source = await it.group("Team");
    const mapping = await it.push(source, "Team");
    const target = at((await it.org.api("GET", `${it.mappings}/${mapping}`)).body, "targetGroupId");
    expect(await it.org.api("DELETE", `/groups/${target}`)).toMatchObject({ status: 400 });
    it.org.admin.unlinkGroup(mapping, { deleteTargetGroup: false });
    expect((await it.org.api("DELETE", `/groups/${target}`)).status).toBe(204);
  });
});

test("a person that a group assigns cannot be unassigned individually, and no deactivated person is assigned", async () => {
  const org = await startTestOrg();
  const appId = await org.make("POST", "/apps", samlApp("Directory"));
  const group = await org.make("POST", "/groups", { profile: { name: "Users" } });
  const { id } = org.admin.hire(person("Ada"), [group]);
  await org.api("PUT", `/apps/${appId}/groups/${group}`, {});
  expect((await org.api("DELETE", `/apps/${appId}/users/${id}`)).status).toBe(400);
  org.admin.setLifecycle(id, "deactivate");
  expect((await org.api("POST", `/apps/${appId}/users`, { id })).status).toBe(400);
  await org.idle();
  expect((await org.api("GET", `/apps/${appId}/users`)).body).toEqual([]);
});
