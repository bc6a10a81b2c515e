import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AdoptRequest, AdoptResult } from "../../../operations/adopt/adoptApp.ts";
import { adoptIn, configOf, handMade, ruleInto, stops, useProject } from "../../support/operations/adopt.ts";
import type { Scene } from "../../support/sandbox/okta/scene.ts";

const project = useProject();

const adopt = (scene: Scene, more: Partial<AdoptRequest> = {}): Promise<AdoptResult> =>
  adoptIn(project.root, scene, more);

describe("the assignment group that adopt chooses", () => {
  it("stops at every group that is both assigned and pushed, also beside the assignment group", async () => {
    const scene = await handMade();
    await scene.org.api("PUT", `/apps/${scene.appId}/groups/${scene.team}`, {});
    const { adoption } = await adopt(scene);
    expect(adoption.obstacles.filter((obstacle) => obstacle.stops)).toEqual([
      {
        what: 'the group "Team" is both assigned and pushed, which Okta advises against',
        wayOut: 'see that its members are in "directory-users" too, then unassign "Team"; its push stays',
        stops: true,
      },
    ]);
    const named = await adopt(scene, { assignmentGroup: "Team" });
    expect(stops(named)).toEqual(['the group "Team" is both assigned and pushed, which Okta advises against']);
  });

  it("is an assigned group that is neither pushed nor built in, the default name first", async () => {
    const scene = await handMade();
    const assign = (id: string): Promise<unknown> => scene.org.api("PUT", `/apps/${scene.appId}/groups/${id}`, {});
    const everyone = await scene.org.api("GET", "/groups?q=Everyone");
    await assign((everyone.body as { id: string }[])[0]?.id ?? "");
    await assign(scene.team);
    const before = await adopt(scene);
    expect(configOf(before, "assignmentGroup")).toBe("directory-users");
    expect(before.adoption.obstacles).toContainEqual({
      what: 'also assigned: "Everyone", "Team"; the stack manages "directory-users" and leaves the others assigned',
      wayOut: expect.stringContaining("--assignment-group NAME") as unknown,
      stops: false,
    });
    await assign(await scene.group("iru_endpoint_users"));
    expect(configOf(await adopt(scene), "assignmentGroup")).toBe("iru_endpoint_users");
  });
});

describe("the org that adopt reads", () => {
  it("shares a name that a tenant of the same org has, but not one of another customer's org", async () => {
    const scene = await handMade();
    const org = { "okta:orgName": "second", "okta:baseUrl": "oktapreview.com" };
    const write = (...lines: string[]): Promise<void> =>
      writeFile(
        join(project.root, "Pulumi.first.yaml"),
        `config:\n${["okta-scim-directory:tenant: first", "okta-scim-directory:assignmentGroup: directory-users", ...lines].map((line) => `  ${line}\n`).join("")}`,
      );
    await write();
    const unknown = await adopt(scene, { org });
    expect(unknown.adoption.obstacles[0]).toEqual({
      what: expect.stringContaining('"directory-users" is an Okta group of Pulumi.first.yaml too') as unknown,
      wayOut:
        "if Pulumi.first.yaml is of another org, name that org there: pulumi config set --stack first okta:orgName NAME; if it is of the same org, assign a group of its own to the app, and choose it with --assignment-group NAME",
      stops: true,
    });
    await write("okta:orgName: SECOND", "okta:baseUrl: oktapreview.com");
    expect((await adopt(scene, { org })).adoption.obstacles[0]?.wayOut).toBe(
      "assign a group of its own to the app, and choose it with --assignment-group NAME",
    );
    await write("okta:baseUrl: okta-emea.com");
    expect(stops(await adopt(scene, { org }))).toEqual([]);
    await write("okta:orgName: first");
    const result = await adopt(scene, { org, write: true });
    expect(stops(result)).toEqual([]);
    expect(await readFile(join(project.root, "Pulumi.acme.yaml"), "utf8")).toMatch(
      /^config:\n {2}okta:orgName: second\n {2}okta:baseUrl: oktapreview\.com\n {2}okta-scim-directory:tenant: acme\n/,
    );
  });
});

describe("groupRules, which adopt decides once for note and file", () => {
  it("is automatic beside inactive rules of the administrator's own", async () => {
    const scene = await handMade();
    await ruleInto(scene, scene.assignment, false);
    const { adoption } = await adopt(scene);
    expect(adoption.obstacles).toContainEqual({
      what: 'rules of your own fill the assignment group: "Everyone at work (INACTIVE)"',
      wayOut: expect.stringContaining("groupRules is automatic") as unknown,
      stops: false,
    });
    expect(adoption.config).not.toHaveProperty("okta-scim-directory:groupRules");
    expect(adoption.preview.join()).toContain("+ 1 group rule");
  });

  it.each([
    [true, "none"],
    [false, undefined],
  ])("follows a rule that fills a pushed group, active %s: %s", async (active, groupRules) => {
    const scene = await handMade();
    await ruleInto(scene, scene.team, active);
    const result = await adopt(scene);
    const found = result.adoption.obstacles.filter(({ what }) => what.startsWith("pushed groups are filled by rules"));
    expect(found.map(({ wayOut }) => wayOut.split(":")[0])).toEqual(active ? ["keep groupRules none"] : []);
    expect(configOf(result, "groupRules")).toBe(groupRules);
    expect(result.adoption.preview.join().includes("group rule")).toBe(!active);
  });
});
