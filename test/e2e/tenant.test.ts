import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventually, npmStart, type RunningTenant } from "../support/e2e/support.ts";

let tenant: RunningTenant;

beforeAll(async () => {
  tenant = await npmStart("--show-secrets");
});
afterAll(async () => {
  await tenant.stop();
});

const userShape = z.object({
  id: z.string(),
  userName: z.string(),
  externalId: z.string().optional(),
  active: z.boolean(),
  displayName: z.string().optional(),
  title: z.string().optional(),
  name: z.object({ givenName: z.string(), familyName: z.string() }).partial().optional(),
  emails: z.array(z.object({ value: z.string() })).optional(),
});
const groupShape = z.object({
  id: z.string(),
  displayName: z.string(),
  members: z.array(z.object({ value: z.string() })).default([]),
});
const list = <T extends z.ZodType>(of: T) =>
  z.object({
    schemas: z.array(z.string()),
    totalResults: z.number(),
    startIndex: z.number(),
    itemsPerPage: z.number(),
    Resources: z.array(of).default([]),
  });

const filter = (text: string): string => `?filter=${encodeURIComponent(text)}`;
const findUser = async (userName: string): Promise<z.infer<typeof userShape> | undefined> => {
  const { body } = await tenant.scim("GET", `/Users${filter(`userName eq "${userName}"`)}`);
  return list(userShape).parse(body).Resources[0];
};
const findGroup = async (name: string): Promise<z.infer<typeof groupShape> | undefined> => {
  const { body } = await tenant.scim("GET", `/Groups${filter(`displayName eq "${name}"`)}`);
  return list(groupShape).parse(body).Resources[0];
};
const isMember = async (group: string, id: string): Promise<boolean> =>
  (await findGroup(group))?.members.some(({ value }) => value === id) ?? false;

const idOf = (body: unknown): string => z.object({ id: z.string() }).parse(body).id;
const oktaGroupId = async (name: string): Promise<string> => {
  const { body } = await tenant.okta("GET", `/groups?q=${name}`);
  return idOf(z.array(z.unknown()).parse(body)[0]);
};

describe("the dev tenant", () => {
  it("is ready, with nothing left to do and a base URL as in the article", () => {
    const { outputs, stack } = tenant.ready;
    expect(stack).toBe("dev");
    expect(outputs.connection).toBe("ready");
    expect(outputs.nextSteps).toEqual([]);
    expect(outputs.scimBaseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/scim$/);
    expect(outputs.scimAuthorization).toBe(`Bearer ${outputs.scimToken}`);
    expect(Object.keys(outputs.pushGroups).sort()).toEqual(["Designers", "Developers"]);
  });

  it("holds exactly the pushed groups and their people", async () => {
    const { body } = await tenant.scim("GET", "/Groups");
    const groups = list(groupShape).parse(body).Resources;
    expect(groups.map(({ displayName }) => displayName).sort()).toEqual(["Designers", "Developers"]);
    for (const group of groups) expect(group.members.length).toBeGreaterThan(0);
  });

  it("serves its page only on its own address", async () => {
    expect((await fetch(tenant.ready.console)).status).toBe(200);
    expect((await fetch(tenant.ready.console, { headers: { origin: "http://evil.example" } })).status).toBe(403);
  });
});

describe("Okta's SPEC test", () => {
  it("passes from the first page to the user that does not exist", async () => {
    const first = await tenant.scim("GET", "/Users?count=1&startIndex=1");
    expect(first.status).toBe(200);
    const page = list(userShape).parse(first.body);
    expect(page).toMatchObject({
      itemsPerPage: 1,
      startIndex: 1,
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    });
    const [sample] = page.Resources;
    expect(sample?.name?.familyName).toBeTruthy();
    expect(sample?.name?.givenName).toBeTruthy();
    expect(sample?.emails?.[0]?.value).toContain("@");
    expect((await tenant.scim("GET", `/Users/${sample?.id ?? ""}`)).status).toBe(200);

    const absent = await tenant.scim("GET", `/Users${filter('userName eq "nobody@example.org"')}`);
    expect(list(userShape).parse(absent.body).totalResults).toBe(0);
    const missing = await tenant.scim("GET", "/Users/00919288221112222");
    expect(missing.status).toBe(404);
    expect(missing.body).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: "404",
      detail: expect.any(String) as string,
    });

    const person = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: "runscope@example.org",
      name: { givenName: "Run", familyName: "Scope" },
      emails: [{ primary: true, value: "runscope@example.org", type: "work" }],
      displayName: "Run Scope",
      locale: "en-US",
      groups: [],
      password: "1mz050nq",
      active: true,
    };
    const created = await tenant.scim("POST", "/Users", person);
    expect(created.status).toBe(201);
    expect(JSON.stringify(created.body)).not.toContain("1mz050nq");
    const made = userShape.parse(created.body);
    expect(created.headers.get("location")).toBe(`${tenant.ready.outputs.scimBaseUrl}/Users/${made.id}`);
    expect(userShape.parse((await tenant.scim("GET", `/Users/${made.id}`)).body)).toMatchObject({
      userName: "runscope@example.org",
      active: true,
    });
    const again = await tenant.scim("POST", "/Users", person);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ scimType: "uniqueness", status: "409" });
    expect((await findUser("RUNSCOPE@EXAMPLE.ORG"))?.id).toBe(made.id);

    expect((await tenant.scim("GET", "/Groups")).status).toBe(200);
    const stranger = await tenant.scim("GET", "/Users", undefined, { authorization: "non-token" });
    expect(stranger.status).toBe(401);
    expect(stranger.body).toMatchObject({ status: "401" });
  });
});

describe("a person's life in the org, through its Management API alone", () => {
  it("is created, changed, deactivated and reactivated as the same record, and a person in no pushed group is never sent", async () => {
    const developers = await oktaGroupId("Developers");
    const login = "new.hire@example.com";
    const profile = { firstName: "New", lastName: "Hire", email: login, login, title: "Engineer" };
    const hired = idOf((await tenant.okta("POST", "/users?activate=true", { profile })).body);
    const loner = { firstName: "No", lastName: "Group", email: "no.group@example.com", login: "no.group@example.com" };
    await tenant.okta("POST", "/users?activate=true", { profile: loner });

    await tenant.okta("PUT", `/groups/${developers}/users/${hired}`);
    const created = await eventually(
      () => findUser(login),
      (user) => user !== undefined,
    );
    expect(created).toMatchObject({ externalId: hired, active: true });
    const id = created?.id ?? "";
    await eventually(
      () => isMember("Developers", id),
      (member) => member,
    );

    await tenant.okta("POST", `/users/${hired}`, { profile: { title: "Principal Engineer" } });
    await eventually(
      () => findUser(login),
      (user) => user?.title === "Principal Engineer",
    );

    await tenant.okta("DELETE", `/groups/${developers}/users/${hired}`);
    await eventually(
      () => findUser(login),
      (user) => user?.active === false && user.id === id,
    );
    await eventually(
      () => isMember("Developers", id),
      (member) => !member,
    );

    await tenant.okta("PUT", `/groups/${developers}/users/${hired}`);
    await eventually(
      () => findUser(login),
      (user) => user?.active === true && user.id === id,
    );
    await eventually(
      () => isMember("Developers", id),
      (member) => member,
    );
    expect(await findUser("no.group@example.com")).toBeUndefined();
  });

  it("deletes the group with its push mapping and keeps the people", async () => {
    const { oktaAppId, pushGroups } = tenant.ready.outputs;
    const mapping = `/apps/${oktaAppId}/group-push/mappings/${pushGroups["Designers"]?.mappingId ?? ""}`;
    const people = (await findGroup("Designers"))?.members ?? [];
    expect(people.length).toBeGreaterThan(0);
    await tenant.okta("PATCH", mapping, { status: "INACTIVE" });
    await tenant.okta("DELETE", `${mapping}?deleteTargetGroup=true`);
    await eventually(
      () => findGroup("Designers"),
      (group) => group === undefined,
    );
    for (const { value } of people)
      expect((await tenant.scim("GET", `/Users/${value}`)).body).toMatchObject({ active: true });
  });
});

describe("requests that race", () => {
  it("keep fifty members of fifty parallel PATCHes, and one of fifty users with one userName", async () => {
    const users = await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        idOf((await tenant.scim("POST", "/Users", { userName: `racer${index}@example.org` })).body),
      ),
    );
    const group = idOf((await tenant.scim("POST", "/Groups", { displayName: "Racers" })).body);
    const answers = await Promise.all(
      users.map((value) =>
        tenant.scim("PATCH", `/Groups/${group}`, {
          schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          Operations: [{ op: "add", path: "members", value: [{ value }] }],
        }),
      ),
    );
    expect(answers.filter(({ status }) => status >= 300).map(({ body }) => body)).toEqual([]);
    expect((await findGroup("Racers"))?.members).toHaveLength(50);

    const posts = await Promise.all(
      Array.from({ length: 50 }, () => tenant.scim("POST", "/Users", { userName: "one@example.org" })),
    );
    expect(posts.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(posts.filter(({ status }) => status === 409)).toHaveLength(49);
  });
});

it("ends at once for a configuration with five mistakes, and names all five", async () => {
  const mistakes = ["tenant=A_", "connection=maybe", "stage=prod", 'throttle={"burst":0}', "colour=blue"];
  const failure: unknown = await npmStart(...mistakes.flatMap((mistake) => ["--config", mistake])).catch(
    (error: unknown) => error,
  );
  const text = String(failure);
  expect(text).toContain("5 problems");
  for (const path of ["tenant", "connection", "stage", "throttle.burst", "colour"]) {
    expect(text).toMatch(new RegExp(`^  ${path.replace(".", "\\.")}: .+; allowed: .+; fix: .+$`, "m"));
  }
});
