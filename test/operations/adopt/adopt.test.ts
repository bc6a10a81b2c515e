import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adoptApp, type AdoptRequest, type AdoptResult } from "../../../operations/adopt/adoptApp.ts";
import { oktaOrg } from "../../../operations/live/oktaOrg.ts";
import {
  adoptIn,
  baseUrl,
  configOf,
  handMade,
  notes,
  ruleInto,
  stops,
  useProject,
} from "../../support/operations/adopt.ts";
import { startScene, type Scene } from "../../support/sandbox/okta/scene.ts";
import { person } from "../../support/sandbox/okta/support.ts";

const project = useProject();

const adopt = (scene: Scene, more: Partial<AdoptRequest> = {}): Promise<AdoptResult> =>
  adoptIn(project.root, scene, more);

describe("adopt of an integration that follows the article", () => {
  it("writes a stack file and an import file that describe it, and changes nothing in Okta", async () => {
    const scene = await handMade();
    await scene.sent();
    const before = (await scene.org.api("GET", "/logs?limit=1000")).body;
    const result = await adopt(scene, { write: true });
    expect(stops(result)).toEqual([]);
    expect(result.written).toEqual(["Pulumi.acme.yaml", "Pulumi.acme.import.json"]);
    expect(await readFile(join(project.root, "Pulumi.acme.yaml"), "utf8")).toBe(`config:
  okta-scim-directory:tenant: acme
  okta-scim-directory:endpoint:
    kind: external
    baseUrl: ${baseUrl}
  okta-scim-directory:connection: ready
  okta-scim-directory:assignmentGroup: directory-users
  okta-scim-directory:pushGroups:
    - name: Team
      keepTargetOnDelete: true
`);
    const { appId, assignment, team, mapping } = scene;
    expect(JSON.parse(await readFile(join(project.root, "Pulumi.acme.import.json"), "utf8"))).toEqual({
      resources: [
        { type: "okta:app/saml:Saml", name: "acme-app", id: appId },
        { type: "okta:group/group:Group", name: "acme-assignment-group", id: assignment },
        { type: "okta:app/groupAssignment:GroupAssignment", name: "acme-assignment", id: `${appId}/${assignment}` },
        { type: "okta:index/pushGroup:PushGroup", name: `acme-push-${team}`, id: `${appId}/${mapping}` },
      ],
    });
    expect((await scene.org.api("GET", "/logs?limit=1000")).body).toEqual(before);
    expect(await scene.lines()).toEqual([]);
  });

  it("prints everything, with the commands in order, and writes nothing unless asked", async () => {
    const result = await adopt(await handMade());
    const text = result.lines.join("\n");
    for (const part of [
      "What was found",
      "What stands in the way",
      "Pulumi.acme.yaml",
      "What the first preview shows",
    ]) {
      expect(text).toContain(part);
    }
    expect(result.commands).toEqual([
      "pulumi stack init acme",
      "pulumi config set --stack acme --secret --path endpoint.token",
      "pulumi import --stack acme --file Pulumi.acme.import.json --protect=false --generate-code=false",
      "pulumi preview --diff --stack acme",
      "pulumi up --stack acme",
      "npm run verify -- --stack acme",
    ]);
    expect(await readdir(project.root)).toEqual(["Pulumi.yaml"]);
  });

  it("takes the catalogue app as what it is", async () => {
    const result = await adopt(await handMade({ kind: "catalogue" }));
    expect(configOf(result, "app")).toEqual({ template: "scim2headerauth" });
    expect(result.adoption.imports[0]?.type).toBe("okta:app/autoLogin:AutoLogin");
  });

  it("leaves out an unknown base URL, and names the command that sets it", async () => {
    const result = await adopt(await handMade(), { baseUrl: undefined, write: true });
    expect(result.ok).toBe(true);
    expect(configOf(result, "endpoint")).toEqual({ kind: "external" });
    expect(result.commands[1]).toBe("pulumi config set --stack acme --path endpoint.baseUrl 'https://…'");
  });

  it("keeps another name in the directory without saying it, because setting it would replace the mapping", async () => {
    const scene = await handMade();
    const ops = await scene.group("Ops");
    await scene.push(ops, "Operations");
    const result = await adopt(scene);
    expect(configOf(result, "pushGroups")).toContainEqual({ name: "Ops", keepTargetOnDelete: true });
    expect(result.adoption.preview.at(-1)).toContain('"Ops → Operations"');
  });

  it("keeps a paused mapping paused", async () => {
    const scene = await handMade();
    const ops = await scene.group("Ops");
    const paused = await scene.push(ops, "Ops");
    await scene.org.api("PATCH", `${scene.mappings}/${paused}`, { status: "INACTIVE" });
    const result = await adopt(scene);
    expect(configOf(result, "pushGroups")).toContainEqual({
      name: "Ops",
      keepTargetOnDelete: true,
      status: "INACTIVE",
    });
  });
});

describe("adopt says what stands in the way", () => {
  it("a group that is both assigned and pushed", async () => {
    const scene = await handMade();
    await scene.push(scene.assignment, "directory-users");
    const result = await adopt(scene, { write: true });
    expect(stops(result)).toEqual([
      'the group "directory-users" is both assigned and pushed, which Okta advises against',
    ]);
    expect(result.ok).toBe(false);
    expect(await readdir(project.root)).toEqual(["Pulumi.yaml"]);
  });

  it("rules of the administrator's own, which then go on filling the group", async () => {
    const scene = await handMade();
    await ruleInto(scene, scene.assignment);
    const result = await adopt(scene);
    expect(stops(result)).toEqual([]);
    expect(notes(result)).toContain('rules of your own fill the assignment group: "Everyone at work (ACTIVE)"');
    expect(configOf(result, "groupRules")).toBe("none");
  });

  it("members who are not assigned and would be provisioned by a rule of the stack", async () => {
    const scene = await handMade();
    scene.org.admin.hire(person("Bo"), [scene.team]);
    const result = await adopt(scene);
    expect(notes(result)).toContain('1 member of "Team" is not assigned, so Okta leaves them out of the pushed group');
    expect(configOf(result, "groupRules")).toBe("none");
  });

  it("a sign-on that people use, which the stack leaves alone", async () => {
    expect(notes(await adopt(await handMade()))).toContain(
      "people may sign on through the app (https://sp.example.com/acs)",
    );
  });

  it("a mapping in ERROR, with Okta's words", async () => {
    const scene = await handMade();
    const ops = await scene.group("Ops");
    scene.scim.script = ({ method, target }) =>
      method === "POST" && target.startsWith("/Groups") ? { status: 400, body: { detail: "no" } } : undefined;
    await scene.push(ops, "Ops");
    const found = stops(await adopt(scene));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^the push of "Ops" failed: .+/);
  });

  it("a pushed group that was deleted", async () => {
    const scene = await handMade();
    await scene.org.api("DELETE", `/groups/${scene.team}`);
    expect(stops(await adopt(scene))).toEqual([expect.stringMatching(/^the push mapping gPm\w+ has no group: 00g/)]);
  });

  it("several assigned groups and people, and takes the one that is named", async () => {
    const scene = await handMade();
    const all = await scene.group("All");
    await scene.org.api("PUT", `/apps/${scene.appId}/groups/${all}`, {});
    expect(configOf(await adopt(scene), "assignmentGroup")).toBe("All");
    const result = await adopt(scene, { assignmentGroup: "Directory-Users" });
    expect(configOf(result, "assignmentGroup")).toBe("directory-users");
    expect(notes(result)).toContain(
      'also assigned: "All"; the stack manages "directory-users" and leaves the others assigned',
    );
    expect(stops(await adopt(scene, { assignmentGroup: "Nobody" }))).toEqual(['"Nobody" is not assigned to the app']);
  });

  it("Okta's built-in group, and no group at all", async () => {
    const scene = await handMade();
    const everyone = await scene.org.api("GET", "/groups?q=Everyone");
    const id = (everyone.body as { id: string }[])[0]?.id ?? "";
    await scene.org.api("PUT", `/apps/${scene.appId}/groups/${id}`, {});
    await scene.org.api("DELETE", `/apps/${scene.appId}/groups/${scene.assignment}`);
    expect(stops(await adopt(scene))).toContain(
      'the assigned group "Everyone" is Okta\'s built-in group, which no stack can manage',
    );
    await scene.org.api("DELETE", `/apps/${scene.appId}/groups/${id}`);
    expect(stops(await adopt(scene))).toEqual(["no group is assigned to the app"]);
  });

  it("provisioning that is off: the stack begins with the console step", async () => {
    const scene = await startScene({ connected: false });
    const result = await adopt(scene);
    expect(configOf(result, "connection")).toBe("pending");
    expect(result.adoption.imports.map(({ name }) => name)).toEqual(["acme-app", "acme-assignment-group"]);
    expect(notes(result)).toContain("Okta reports that provisioning is off, so connection is pending");
  });

  it("imports that are on", async () => {
    const scene = await startScene();
    expect(notes(await adopt(scene))[0]).toContain("Import New Users (IMPORT_NEW_USERS)");
  });

  it("a name that another tenant's file has", async () => {
    await writeFile(
      join(project.root, "Pulumi.other.yaml"),
      "config:\n  okta-scim-directory:tenant: other\n  okta-scim-directory:assignmentGroup: directory-users\n",
    );
    const scene = await handMade();
    expect(stops(await adopt(scene))[0]).toContain('"directory-users" is an Okta group of Pulumi.other.yaml too');
  });

  it("an app that is not there", async () => {
    await expect(adopt(await handMade(), { appId: "0oaNone" })).rejects.toThrow(
      "the org has no app with the id 0oaNone",
    );
  });

  it("credentials that may not read the org, with the rights that are needed", async () => {
    const { org, appId } = await handMade();
    const request = {
      stack: "acme",
      appId,
      baseUrl,
      token: undefined,
      assignmentGroup: undefined,
      root: project.root,
      write: true,
    };
    const refused = adoptApp(oktaOrg({ orgUrl: org.url, token: "wrong" }), request, () => undefined);
    await expect(refused).rejects.toThrow(/^Okta HTTP 401 .* okta\.apps\.read, okta\.groups\.read and okta/);
    expect(await readdir(project.root)).toEqual(["Pulumi.yaml"]);
  });
});
