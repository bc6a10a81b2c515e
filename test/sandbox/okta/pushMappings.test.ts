import { describe, expect, test } from "vitest";
import { startScene } from "../../support/sandbox/okta/scene.ts";
import { asList, at } from "../../support/sandbox/okta/support.ts";

describe("a push mapping", () => {
  test.each<[string, (ids: Record<"source" | "target" | "everyone", string>) => Record<string, unknown>]>([
    ["no target", ({ source }) => ({ sourceGroupId: source })],
    ["two targets", ({ source, target }) => ({ sourceGroupId: source, targetGroupName: "X", targetGroupId: target })],
    ["a target that is null", ({ source }) => ({ sourceGroupId: source, targetGroupName: "X", targetGroupId: null })],
    ["a target that is no app group", ({ source, everyone }) => ({ sourceGroupId: source, targetGroupId: everyone })],
    ["a source from the app", ({ target }) => ({ sourceGroupId: target, targetGroupName: "X" })],
    ["Everyone as its source", ({ everyone }) => ({ sourceGroupId: everyone, targetGroupName: "X" })],
    ["an unknown status", ({ source }) => ({ sourceGroupId: source, targetGroupName: "X", status: "ERROR" })],
    [
      "settings of an Active Directory",
      ({ source }) => ({ sourceGroupId: source, targetGroupName: "X", appConfig: {} }),
    ],
  ])("is refused with %s", async (_what, wish) => {
    const it = await startScene();
    const pushed = await it.group("Pushed");
    const mapping = await it.push(pushed, "Pushed");
    const target = at((await it.org.api("GET", `${it.mappings}/${mapping}`)).body, "targetGroupId");
    const everyone = at((await it.org.api("GET", "/groups?q=Everyone")).body, 0, "id");
    const source = await it.group("Team");
    expect(await it.org.api("POST", it.mappings, wish({ source, target, everyone }))).toMatchObject({
      status: 400,
      body: { errorCode: "E0000001" },
    });
  });

  test("is unique per source and app, and links the app's group with that name or id", async () => {
    const it = await startScene();
    const source = await it.group("Team");
    const first = await it.org.api("POST", it.mappings, { sourceGroupId: source, targetGroupName: "Team" });
    const target = at(first.body, "targetGroupId");
    expect((await it.org.api("POST", it.mappings, { sourceGroupId: source, targetGroupName: "Other" })).status).toBe(
      400,
    );
    it.org.admin.unlinkGroup(at(first.body, "id"), { deleteTargetGroup: false });
    const byName = await it.org.api("POST", it.mappings, { sourceGroupId: source, targetGroupName: "Team" });
    expect(byName.body).toMatchObject({ targetGroupId: target });
    it.org.admin.unlinkGroup(at(byName.body, "id"), { deleteTargetGroup: false });
    const byId = await it.org.api("POST", it.mappings, { sourceGroupId: source, targetGroupId: target });
    expect(byId).toMatchObject({ status: 200, body: { targetGroupId: target } });
  });

  test("is deleted only while INACTIVE and only with deleteTargetGroup", async () => {
    const it = await startScene();
    const mapping = `${it.mappings}/${await it.push(await it.group("Team"), "Team")}`;
    expect((await it.org.api("DELETE", `${mapping}?deleteTargetGroup=false`)).status).toBe(400);
    await it.org.api("PATCH", mapping, { status: "INACTIVE" });
    expect((await it.org.api("DELETE", mapping)).status).toBe(400);
    expect((await it.org.api("DELETE", `${mapping}?deleteTargetGroup=perhaps`)).status).toBe(400);
    expect((await it.org.api("DELETE", `${mapping}?deleteTargetGroup=false`)).status).toBe(200);
  });

  test("is listed by source, status and time, page by page", async () => {
    const it = await startScene();
    const ids: string[] = [];
    for (const name of ["A", "B", "C"]) ids.push(await it.push(await it.group(name), name));
    await it.org.api("PATCH", `${it.mappings}/${ids[1] ?? ""}`, { status: "INACTIVE" });
    const found = async (query: string): Promise<string[]> =>
      asList((await it.org.api("GET", `${it.mappings}?${query}`)).body).map((one) => at(one, "id"));
    expect(await found("status=INACTIVE")).toEqual([ids[1]]);
    expect(await found("lastUpdated=2000-01-01T00:00:00Z")).toEqual(ids);
    expect(await found("lastUpdated=2100-01-01T00:00:00Z")).toEqual([]);
    expect(await found(`limit=2&after=${ids[0] ?? ""}`)).toEqual([ids[1], ids[2]]);
    expect((await it.org.api("GET", `${it.mappings}?status=BROKEN`)).status).toBe(400);
  });
});
