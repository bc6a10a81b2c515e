import { expect, test, describe } from "vitest";
import { lines, startScene, type Scene } from "../../support/sandbox/okta/scene.ts";
import { person } from "../../support/sandbox/okta/support.ts";

const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const byUserName = (login: string): string =>
  `GET /Users?filter=userName%20eq%20%22${encodeURIComponent(login)}%22&startIndex=1&count=100`;
const byName = (name: string): string =>
  `GET /Groups?filter=displayName%20eq%20%22${encodeURIComponent(name)}%22&startIndex=1&count=100`;

describe("pushing a group", () => {
  /** Two provisioned people in the group "Team". */
  async function team(kind: "custom" | "catalogue" = "custom"): Promise<Scene & { readonly source: string }> {
    const made = await startScene({ kind });
    const source = await made.group("Team");
    made.org.admin.hire(person("Ada"), [made.assignment, source]);
    made.org.admin.hire(person("Bo"), [made.assignment, source]);
    await made.sent();
    return { ...made, source };
  }
  const ada = { value: "u1", display: "ada@example.com" };
  const bo = { value: "u2", display: "bo@example.com" };

  test("by name from a custom app looks it up, creates it empty, reads it and writes its members", async () => {
    const it = await team();
    await it.push(it.source, "Team");
    const requests = await it.sent();
    expect(lines(requests)).toEqual([byName("Team"), "POST /Groups", "GET /Groups/g1", "PUT /Groups/g1"]);
    expect(requests[1]?.body).toEqual({ schemas: [GROUP], displayName: "Team", members: [] });
    expect(requests[3]?.body).toEqual({ schemas: [GROUP], displayName: "Team", members: [ada, bo] });
  });

  test("links the group with that name instead of creating a second one", async () => {
    const it = await team();
    it.scim.groups.set("g5", { id: "g5", displayName: "Team", members: [] });
    await it.push(it.source, "Team");
    expect(lines(await it.sent())).toEqual([byName("Team"), "GET /Groups/g5", "PUT /Groups/g5"]);
  });

  test("from a custom app sends the whole list for every change of members and name", async () => {
    const it = await team();
    await it.push(it.source, "Team");
    await it.sent();
    it.org.admin.removeFromGroup("ada@example.com", it.source);
    const left = await it.sent();
    expect(lines(left)).toEqual(["GET /Groups/g1", "PUT /Groups/g1"]);
    expect(left[1]?.body).toEqual({ schemas: [GROUP], displayName: "Team", members: [bo] });
    it.org.admin.renameGroup(it.source, "Crew");
    const renamed = await it.sent();
    expect(lines(renamed)).toEqual(["GET /Groups/g1", "PUT /Groups/g1"]);
    expect(renamed[1]?.body).toMatchObject({ displayName: "Crew", members: [bo] });
  });

  test("from a catalogue app is PATCH: first a replacement, then the name and the changed members", async () => {
    const it = await team("catalogue");
    await it.push(it.source, "Team");
    const first = await it.sent();
    const name = { op: "replace", value: { id: "g1", displayName: "Team" } };
    expect(lines(first)).toEqual([byName("Team"), "POST /Groups", "PATCH /Groups/g1"]);
    expect(first[2]?.body).toEqual({
      schemas: [PATCH_OP],
      Operations: [name, { op: "replace", path: "members", value: [ada, bo] }],
    });
    it.org.admin.removeFromGroup("ada@example.com", it.source);
    const [removal] = await it.sent();
    expect(removal?.body).toEqual({
      schemas: [PATCH_OP],
      Operations: [name, { op: "remove", path: `members[value eq "u1"]` }],
    });
    it.org.admin.addToGroup("ada@example.com", it.source);
    const [addition] = await it.sent();
    expect(addition?.body).toEqual({
      schemas: [PATCH_OP],
      Operations: [name, { op: "add", path: "members", value: [ada] }],
    });
    it.org.admin.renameGroup(it.source, "Crew");
    const [renaming] = await it.sent();
    expect(renaming?.body).toEqual({
      schemas: [PATCH_OP],
      Operations: [{ op: "replace", value: { id: "g1", displayName: "Crew" } }],
    });
  });

  test("sends at most 256 members in one PATCH", async () => {
    const it = await startScene({ kind: "catalogue" });
    const source = await it.group("Team");
    for (let index = 0; index < 300; index += 1) it.org.admin.hire(person(`P${index}`), [it.assignment, source]);
    await it.sent();
    await it.push(source, "Team");
    const patches = (await it.sent()).filter(({ method }) => method === "PATCH");
    const sizes = patches.map(({ body }) => JSON.stringify(body).split('"display"').length - 1);
    expect(sizes).toEqual([256, 44]);
    expect(it.scim.groups.get("g1")?.["members"]).toHaveLength(300);
  });

  test("sends only assigned and provisioned people, and the others after they are provisioned", async () => {
    const it = await team();
    const outsider = it.org.admin.hire(person("Cy"), [it.source]);
    await it.push(it.source, "Team");
    expect((await it.sent()).at(-1)?.body).toMatchObject({ members: [ada, bo] });
    it.org.admin.addToGroup(outsider.id, it.assignment);
    const requests = await it.sent();
    expect(lines(requests)).toEqual([byUserName("cy@example.com"), "POST /Users", "GET /Groups/g1", "PUT /Groups/g1"]);
    expect(requests[3]?.body).toMatchObject({ members: [ada, bo, { value: "u3", display: "cy@example.com" }] });
  });

  test("ends with a DELETE if the target is deleted too, and with no request if it stays", async () => {
    const it = await team();
    const first = await it.push(it.source, "Team");
    await it.sent();
    await it.org.api("PATCH", `${it.mappings}/${first}`, { status: "INACTIVE" });
    expect((await it.org.api("DELETE", `${it.mappings}/${first}?deleteTargetGroup=false`)).status).toBe(200);
    expect(await it.sent()).toEqual([]);
    const second = await it.push(it.source, "Team");
    expect(lines(await it.sent())).toEqual([byName("Team"), "GET /Groups/g1", "PUT /Groups/g1"]);
    it.org.admin.unlinkGroup(second, { deleteTargetGroup: true });
    expect(lines(await it.sent())).toEqual(["DELETE /Groups/g1"]);
    expect((await it.org.api("GET", `${it.mappings}/${second}`)).status).toBe(404);
  });
});
