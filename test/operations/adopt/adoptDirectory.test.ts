import { describe, expect, it } from "vitest";
import type { AdoptRequest, AdoptResult } from "../../../operations/adopt/adoptApp.ts";
import { adoptIn, handMade as handMadeOf, useProject } from "../../support/operations/adopt.ts";
import type { Scene } from "../../support/sandbox/okta/scene.ts";
import { scimError } from "../../support/sandbox/okta/scimServer.ts";
import { TOKEN, person } from "../../support/sandbox/okta/support.ts";

const project = useProject();

/** Adopts with the directory's own address and token, and sees that nothing but GET was sent. */
async function adopt(scene: Scene, more: Partial<AdoptRequest> = {}): Promise<AdoptResult> {
  await scene.sent();
  const result = await adoptIn(project.root, scene, { baseUrl: scene.scim.baseUrl, token: TOKEN, ...more });
  const requests = await scene.sent();
  expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
  for (const { headers } of requests) expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
  return result;
}

/** Ada and Bo are assigned and in the pushed group "Team". */
const handMade = (): Promise<Scene & { team: string }> => handMadeOf({ people: ["Ada", "Bo"] });

const lines = ({ directory }: AdoptResult, ...states: string[]): string[] =>
  directory.filter(({ state }) => states.includes(state)).map(({ id, detail }) => `${id}: ${detail}`);
const unclear = (result: AdoptResult): string[] => lines(result, "warning", "wrong", "unknown");

/** Changes a person of the directory behind Okta's back. */
function change({ scim }: Scene, userName: string, changes: Record<string, unknown>): void {
  const record = [...scim.users.values()].find((one) => one["userName"] === userName);
  if (record === undefined) throw new Error(`no ${userName}`);
  scim.users.set(record.id, { ...record, ...changes });
}

describe("adopt reads the directory", () => {
  it("says how much is there and that everything is as Okta has it", async () => {
    const result = await adopt(await handMade());
    expect(unclear(result)).toEqual([]);
    expect(lines(result, "right")).toEqual([
      "connector: 2 users, 0 of them inactive, and 1 group",
      expect.stringMatching(/^attributes: 2 people/),
      "provisioned: 2 people",
      "inactive: none is inactive",
      "leavers: nobody else is active",
      "matches: no assigned person without a link has a record of the same userName",
      "twins: each person has one record",
      'push:Team: "Team" with 2 members',
    ]);
    const text = result.lines.join("\n");
    expect(text).toContain("Users and groups");
    expect(text).toContain('✓ Team is in the directory with its members: "Team" with 2 members');
    expect(JSON.stringify(result)).not.toContain(TOKEN);
  });

  it("names people whose attributes Okta would overwrite, by attribute, and the case of a userName", async () => {
    const scene = await handMade();
    change(scene, "ada@example.com", {
      userName: "ADA@example.com",
      name: { givenName: "Adele", familyName: "Tester" },
    });
    change(scene, "bo@example.com", { emails: [{ value: "other@x.test" }, { value: "bo@b.test", primary: true }] });
    expect(unclear(await adopt(scene))).toEqual([
      expect.stringMatching(
        /^attributes: another value: (?=.*name\.givenName of 1 person \(ada@example\.com\))(?=.*userName of 1 person \(ada@example\.com\))(?=.*emails of 1 person \(bo@example\.com\))/,
      ),
    ]);
  });

  it("takes an attribute that the directory returns for nobody as one that it does not keep", async () => {
    const scene = await handMade();
    for (const userName of ["ada@example.com", "bo@example.com"]) change(scene, userName, { emails: undefined });
    const result = await adopt(scene);
    expect(unclear(result)).toEqual([]);
    expect(lines(result, "right")).toContain("attributes: 2 people; the directory returns none: emails");
  });

  it("names people who are active there and assigned to nobody, or inactive, or gone", async () => {
    const scene = await handMade();
    scene.scim.users.set("x1", { id: "x1", userName: "cy@example.com", active: true });
    scene.scim.users.set("x2", { id: "x2", userName: "di@example.com", active: false });
    change(scene, "ada@example.com", { active: "False" });
    const bo = [...scene.scim.users.values()].find((one) => one["userName"] === "bo@example.com");
    scene.scim.users.delete(bo?.id ?? "");
    expect(unclear(await adopt(scene))).toEqual([
      "provisioned: Okta has an id of the directory that does not exist there: 1 person (bo@example.com)",
      "inactive: 1 person (ada@example.com)",
      "leavers: active, but not assigned: 1 person (cy@example.com)",
    ]);
  });

  it("names a person that Okta links by userName without case, and two records that differ only in case", async () => {
    const scene = await handMade();
    scene.scim.script = ({ method }) => (method === "POST" ? scimError(500, "not now") : undefined);
    scene.org.admin.hire(person("Émile", { login: "émile@example.com", email: "e@x.test" }), [scene.assignment]);
    await scene.org.idle();
    scene.scim.script = undefined;
    scene.scim.users.set("x1", { id: "x1", userName: "ÉMILE@example.com".normalize("NFD"), active: true });
    scene.scim.users.set("x2", { id: "x2", userName: "Bo@Example.com", active: false });
    expect(unclear(await adopt(scene))).toEqual([
      `matches: Okta links and overwrites: émile@example.com with ${"ÉMILE@example.com".normalize("NFD")}`,
      "twins: bo@example.com and Bo@Example.com",
    ]);
  });

  it("compares a pushed group by the name that the directory has, with its members", async () => {
    const scene = await handMade();
    const [group] = [...scene.scim.groups.values()];
    scene.scim.groups.set(group?.id ?? "", { ...group, id: group?.id ?? "", members: [{ value: "stranger" }] });
    expect(unclear(await adopt(scene))).toEqual([
      'push:Team: "Team" has 1 member, and Okta pushes 2: 2 missing, 1 only in the directory',
    ]);
    scene.scim.groups.clear();
    expect(unclear(await adopt(scene))).toEqual(['push:Team: there is no group "Team"']);
  });

  it("reads a large directory page by page, and ends with one that ignores the index", async () => {
    const scene = await handMade();
    for (let n = 0; n < 450; n += 1) scene.scim.users.set(`x${n}`, { id: `x${n}`, userName: `x${n}`, active: false });
    const result = await adopt(scene);
    expect(lines(result, "right")[0]).toBe("connector: 452 users, 450 of them inactive, and 1 group");
    scene.scim.script = ({ target }) =>
      target.startsWith("/Users?")
        ? { status: 200, body: { totalResults: 900, Resources: [...scene.scim.users.values()].slice(0, 200) } }
        : undefined;
    expect(lines(await adopt(scene), "right")[0]).toBe("connector: 200 users, 198 of them inactive, and 1 group");
  });
});

describe("a directory that cannot be read is no reason to stop", () => {
  it.each<[string, Partial<AdoptRequest>, string]>([
    ["no token", { token: undefined }, "connector: not read: SCIM_TOKEN is not set"],
    ["no address", { baseUrl: undefined }, "connector: not read: --base-url is not given"],
    ["a token with Bearer", { token: "Bearer x" }, "connector: not read: endpoint.token: starts with the word Bearer"],
    ["nothing there", { baseUrl: "http://127.0.0.1:1/scim" }, "connector: the groups cannot be listed: no answer: "],
  ])("%s", async (_, more, detail) => {
    const scene = await handMade();
    const result = await adopt(scene, more);
    expect(result.ok).toBe(true);
    expect(result.directory).toHaveLength(1);
    expect(unclear(result)[0]).toContain(detail);
    expect(result.directory[0]).toMatchObject({
      state: "unknown",
      remedy: expect.stringContaining("adopt again") as string,
    });
  });

  it.each<[string, Partial<AdoptRequest>, string[]]>([
    ["the address", { baseUrl: "ftp://x" }, ["correct --base-url, and run adopt again"]],
    ["the token", { token: "Bearer x" }, ["set SCIM_TOKEN to the directory's token, and run adopt again"]],
    [
      "both",
      { baseUrl: "ftp://x", token: "Bearer x" },
      ["correct --base-url, and run adopt again", "set SCIM_TOKEN to the directory's token, and run adopt again"],
    ],
  ])("the remedy is for what is wrong: %s", async (_, more, remedies) => {
    const { directory, adoption } = await adopt(await handMade(), more);
    expect(directory.map(({ remedy }) => remedy)).toEqual(remedies);
    const way = adoption.obstacles.find(({ what }) => what.startsWith("endpoint.baseUrl"))?.wayOut;
    expect(way).toBe(more.baseUrl === undefined ? undefined : "correct --base-url, and run adopt again");
  });

  it("the token goes to no address without https", async () => {
    const result = await adopt(await handMade(), { baseUrl: "http://directory.example.com/scim" });
    expect(result.ok).toBe(false);
    expect(unclear(result)[0]).toContain("connector: not read: endpoint.baseUrl: is not https");
    expect(JSON.stringify(result)).not.toContain(TOKEN);
  });

  it("a token that is rejected is wrong, and an answer that is not SCIM is unknown", async () => {
    const scene = await handMade();
    scene.scim.script = () => scimError(401, "no such token");
    expect(lines(await adopt(scene), "wrong")).toEqual([
      "connector: the directory rejects the token (401: no such token)",
    ]);
    scene.scim.script = () => ({ status: 200, body: "<html>" });
    expect(lines(await adopt(scene), "unknown")).toEqual(["connector: the groups cannot be listed: 200"]);
    scene.scim.script = ({ target }) => (target.startsWith("/Groups/") ? scimError(500, "broken") : undefined);
    expect(unclear(await adopt(scene))).toEqual(["push:Team: the group cannot be read: 500: broken"]);
  });
});
