import { expect, test, describe } from "vitest";
import { containing } from "../../support/sandbox/okta/shapes.ts";
import { startScene, type Scene } from "../../support/sandbox/okta/scene.ts";
import { scimError, type Scripted } from "../../support/sandbox/okta/scimServer.ts";
import { asList, person } from "../../support/sandbox/okta/support.ts";

const ada = "ada@example.com";

/** Gives this answer to the first requests of a method, then the usual one. */
function failing(it: Scene, method: string, answers: readonly (Scripted | "cut")[]): void {
  const left = [...answers];
  it.scim.script = (request) => (request.method === method ? left.shift() : undefined);
}

describe("a request that Okta retries", () => {
  test.each([
    ["seconds", () => "0"],
    ["a date", () => new Date(Date.now() - 1000).toUTCString()],
  ])("has a 429 with Retry-After in %s", async (_form, retryAfter) => {
    const it = await startScene();
    const throttled = { ...scimError(429, "Slow down."), headers: { "retry-after": retryAfter() } };
    failing(it, "POST", [throttled, throttled]);
    it.org.admin.hire(person("Ada"), [it.assignment]);
    expect((await it.lines()).slice(1)).toEqual(["POST /Users", "POST /Users", "POST /Users"]);
    expect(it.scim.users.size).toBe(1);
    expect(it.org.admin.tasks()).toEqual([]);
  });

  test("is not sent before the time that the server requested", async () => {
    const it = await startScene();
    failing(it, "POST", [{ ...scimError(429, "Slow down."), headers: { "retry-after": "1" } }]);
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    const [first, second] = it.org.exchanges.filter(({ method }) => method === "POST");
    expect(Date.parse(second?.at ?? "") - Date.parse(first?.at ?? "")).toBeGreaterThanOrEqual(990);
  });

  test("fails in the end if the server never has time", async () => {
    const it = await startScene();
    it.scim.script = ({ method }) =>
      method === "POST" ? { ...scimError(429, "Never."), headers: { "retry-after": "0" } } : undefined;
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.org.idle();
    expect(it.org.admin.tasks()).toMatchObject([{ message: containing("Too Many Requests") }]);
  });
});

describe("a connection that the server closes at the moment of its reuse", () => {
  test("costs no push: each request is sent on a new connection and executed once", async () => {
    const it = await startScene();
    const { id } = it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    const closed = it.scim.closeOnReuse();
    it.org.admin.hire(person("Bob"), [it.assignment]);
    it.org.admin.changeProfile(id, { nickName: "Countess" });
    expect((await it.lines()).map((line) => line.replace(/\?.*/, "")).sort()).toEqual([
      "GET /Users",
      "GET /Users/u1",
      "POST /Users",
      "PUT /Users/u1",
    ]);
    expect(closed.size).toBeGreaterThan(0);
    expect(it.org.admin.tasks()).toEqual([]);
    expect(it.scim.users.size).toBe(2);
  });

  test("does not hide a server that ends every connection", async () => {
    const it = await startScene();
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    it.scim.script = () => "cut";
    it.org.admin.hire(person("Bob"), [it.assignment]);
    await it.sent();
    expect(it.org.admin.tasks()).toMatchObject([{ kind: "create user", message: containing("socket hang up") }]);
  });
});

describe("a request that fails for good", () => {
  test.each<[string, Scripted | "cut", string]>([
    [
      "409",
      scimError(409, "The userName is taken."),
      "Conflict. Errors reported by remote server: The userName is taken.",
    ],
    ["400", scimError(400, "emails is wrong."), "Bad Request. Errors reported by remote server: emails is wrong."],
    [
      "429 without Retry-After",
      scimError(429, "Slow down."),
      "Too Many Requests. Errors reported by remote server: Slow",
    ],
    ["503", { ...scimError(503, "Down."), headers: { "retry-after": "0" } }, "Service Unavailable. Errors reported by"],
    ["500", scimError(500, "Oh."), "Internal Server Error. Errors reported by remote server: Oh."],
    [
      "502 without JSON",
      { status: 502, body: "error here" },
      "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token 'error'",
    ],
    ["201 without a body", { status: 201 }, "Create new user returned empty user."],
    ["a cut connection", "cut", "socket hang up"],
  ])("shows an administrator the reason, once: %s", async (_what, answer, reason) => {
    const it = await startScene();
    failing(it, "POST", [answer]);
    const { id } = it.org.admin.hire(person("Ada"), [it.assignment]);
    expect((await it.lines()).slice(1)).toEqual(["POST /Users"]);
    const message = containing(reason);
    expect(it.org.admin.tasks()).toMatchObject([{ kind: "create user", subject: ada, message }]);
    expect((await it.org.api("GET", `/apps/${it.appId}/users/${id}`)).body).toMatchObject({
      syncState: "ERROR",
      errorMessage: message,
    });
    const log = await it.org.api("GET", `/logs?filter=${encodeURIComponent(`outcome.result eq "FAILURE"`)}`);
    expect(log.body).toMatchObject([
      { eventType: "application.provision.user.push", outcome: { reason: message }, severity: "ERROR" },
    ]);
    it.org.admin.retryTask(it.org.admin.tasks()[0]?.id ?? "");
    await it.sent();
    expect(it.org.admin.tasks()).toEqual([]);
    expect(it.scim.users.size).toBe(1);
  });

  test("is given up if nothing comes from the socket", async () => {
    const it = await startScene({ scimTimeoutMs: 50 });
    failing(it, "POST", [{ status: 201, delay: 5000 }]);
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.org.idle();
    expect(it.org.admin.tasks()).toMatchObject([{ message: containing("Read timed out") }]);
  });

  test("does not prevent the provisioning of others", async () => {
    const it = await startScene();
    failing(it, "POST", [scimError(400, "No.")]);
    for (const name of ["Ada", "Bo"]) it.org.admin.hire(person(name), [it.assignment]);
    await it.sent();
    expect([...it.scim.users.values()].map(({ userName }) => userName)).toEqual(["bo@example.com"]);
  });

  test("is retried automatically after the person's attributes change", async () => {
    const it = await startScene();
    failing(it, "POST", [scimError(400, "title is wrong.")]);
    it.org.admin.hire(person("Ada", { title: "?" }), [it.assignment]);
    await it.sent();
    it.org.admin.changeProfile(ada, { lastName: "Lovelace" });
    await it.sent();
    expect(it.org.admin.tasks()).toEqual([]);
    expect(it.scim.users.size).toBe(1);
  });
});

describe("every kind of task", () => {
  test("waits, shows the reason, and succeeds after a retry", async () => {
    const it = await startScene();
    const [team, other] = [await it.group("Team"), await it.group("Other")];
    for (const name of ["Ada", "Bo"]) it.org.admin.hire(person(name), [it.assignment, team]);
    const mapping = await it.push(other, "Other");
    await it.sent();

    it.scim.script = ({ method }) => (method === "GET" ? undefined : scimError(500, "Not today."));
    it.org.admin.hire(person("Cy"), [it.assignment]);
    it.org.admin.changeProfile(ada, { title: "Clerk" });
    it.org.admin.removeFromGroup("bo@example.com", it.assignment);
    await it.push(team, "Team");
    it.org.admin.unlinkGroup(mapping, { deleteTargetGroup: true });
    await it.sent();
    const tasks = it.org.admin.tasks();
    expect(tasks.map(({ kind, subject }) => [kind, subject])).toEqual([
      ["update user", ada],
      ["create user", "cy@example.com"],
      ["deactivate user", "bo@example.com"],
      ["push group", "Team"],
      ["delete group", "Other"],
    ]);
    for (const { message } of tasks) expect(message).toContain("Errors reported by remote server: Not today.");
    expect(it.scim.users.get("u2")).toMatchObject({ active: true });

    it.scim.script = undefined;
    for (const { id } of tasks) it.org.admin.retryTask(id);
    await it.sent();
    expect(it.org.admin.tasks()).toEqual([]);
    expect([...it.scim.users.values()].map(({ userName, title, active }) => [userName, title, active])).toEqual([
      [ada, "Clerk", true],
      ["bo@example.com", undefined, false],
      ["cy@example.com", undefined, true],
    ]);
    expect(
      [...it.scim.groups.values()].map(({ displayName, members }) => [displayName, asList(members).length]),
    ).toEqual([["Team", 1]]);
  });

  test("also follows a network outage, which ends by itself or by hand", async () => {
    const it = await startScene();
    it.org.admin.breakNetwork();
    it.org.admin.hire(person("Ada"), [it.assignment]);
    expect(await it.sent()).toEqual([]);
    expect(it.org.admin.tasks()).toMatchObject([{ message: containing("the network is unreachable") }]);
    expect(it.org.exchanges.at(-1)).toMatchObject({ status: 0 });
    it.org.admin.restoreNetwork();
    it.org.admin.retryTask(it.org.admin.tasks()[0]?.id ?? "");
    await it.sent();
    expect(it.scim.users.size).toBe(1);
    it.org.admin.breakNetwork(20);
    await expect.poll(() => it.org.admin.changeToken(it.appId, "same"), { interval: 20 }).toMatchObject({ ok: true });
  });
});
