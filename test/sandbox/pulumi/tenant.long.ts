import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { binaries } from "../../support/sandbox/pulumi/cli.ts";
import { PUSH, dev, startScene, summary, upDev, type Scene } from "../../support/sandbox/pulumi/scene.ts";

/** `okta:app/saml:Saml dev-app` as `okta:app:Saml dev-app`, the form of previews. */
const declared = (text: string): string[] =>
  [
    ...new Set(
      [...text.matchAll(/^ \+ {2}(\w[\w-]*:\S+) (\S+) create\b/gm)].map(([, type, name]) => `${type} ${name}`),
    ),
  ].sort();

const ids = z.array(z.object({ id: z.string() }));

describe.skipIf(binaries === undefined)("a tenant under Pulumi's own engine", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.close());

  test("a preview names every resource of a new tenant, as docs/many-tenants.md shows, and passes the policies", async () => {
    const { text } = await scene.cli.ok("preview", ...dev, "--policy-pack", "policy", "--suppress-progress");
    const page = await readFile(fileURLToPath(new URL("../../../docs/many-tenants.md", import.meta.url)), "utf8");
    const example = /```text\n(Previewing update \(dev\):[\s\S]*?)```/.exec(page)?.[1] ?? "";
    expect(declared(text)).toEqual(declared(example));
    expect(declared(text).length).toBeGreaterThan(15);
    expect(text).toMatch(/okta-scim-directory@v\S+ \(local: policy\)/);
    expect(text).not.toContain("[mandatory]");
    const advice = (printed: string): string[] =>
      (printed.match(/^ +\S.*: known at up, and checked there by .+$/gm) ?? []).map((line) => line.trim()).sort();
    expect(advice(text)).toEqual(advice(example));
    expect(advice(text)).toHaveLength(5);
  });

  test("a preview that breaks a policy fails and names it", async () => {
    const path = join(scene.cli.folder, "components/scimDirectory/function.ts");
    const source = await readFile(path, "utf8");
    await writeFile(path, source.replace('runtime: "nodejs24.x"', 'runtime: "nodejs18.x"'));
    const { code, text } = await scene.cli.run("preview", ...dev, "--policy-pack", "policy", "--suppress-progress");
    await writeFile(path, source);
    expect(code).not.toBe(0);
    expect(text).toMatch(/\[mandatory\].*runtime-supported/);
    expect(text).toContain('the runtime "nodejs18.x" is not supported');
  });

  test("the first deployment assigns nobody and names the console step", async () => {
    const { text } = await scene.up("--policy-pack", "policy");
    expect(summary(text)).toEqual([expect.stringMatching(/^\+ 1\d created$/)]);
    const found = await scene.read();
    expect(found).toMatchObject({ connection: "pending", pushGroups: { Developers: { mappingId: null } } });
    expect(found.nextSteps.join("\n")).toContain(found.scimBaseUrl);
    expect(await scene.okta("GET", `/apps/${found.oktaAppId}/groups`)).toEqual([]);
  });

  test("a second deployment before the console step fails and names the missing features", async () => {
    await scene.config("connection", "ready");
    const { code, text } = await scene.cli.run(...upDev);
    expect(code).not.toBe(0);
    expect(text).toContain("does not provision yet");
    expect(text).toContain("Create Users (PUSH_NEW_USERS)");
  });

  test("the second deployment assigns and pushes", async () => {
    await scene.connect();
    await scene.up("--policy-pack", "policy");
    const found = await scene.read();
    expect(found.nextSteps).toEqual([]);
    expect(found.pushGroups).toMatchObject({ Developers: { status: "ACTIVE" }, Designers: { status: "ACTIVE" } });
    await scene.standIns.org.idle();
    expect(await scene.scim("/Groups", found.scimToken)).toEqual({ status: 200, names: ["Designers", "Developers"] });
  });

  test("nothing is left to do afterwards", async () => {
    const { text } = await scene.cli.ok("preview", "--expect-no-changes", ...dev);
    expect(summary(text)).toEqual([expect.stringMatching(/^\d+ unchanged$/)]);
  });

  test("a push group is added and removed, and nothing else changes", async () => {
    await scene.config("pushGroups[2]", "Finance");
    const added = await scene.up();
    expect(summary(added.text)[0]).toMatch(/^\+ [12] created$/);
    expect(added.text).not.toMatch(/replaced|deleted/);
    await scene.standIns.org.idle();
    const { scimToken } = await scene.read();
    expect((await scene.scim("/Groups", scimToken)).names).toContain("Finance");
    await scene.cli.ok("config", "rm", ...dev, "--path", "pushGroups[2]");
    const removed = await scene.up();
    expect(summary(removed.text).join()).toMatch(/- [12] deleted/);
    await scene.standIns.org.idle();
    expect(await scene.scim("/Groups", scimToken)).toEqual({ status: 200, names: ["Designers", "Developers"] });
  });

  test("the token is rotated with an overlap", async () => {
    const { scimToken: old } = await scene.read();
    await scene.config("tokenGeneration", "2");
    await scene.up();
    const { scimToken: fresh } = await scene.read();
    expect(fresh).not.toBe(old);
    expect([(await scene.scim("/Users", old)).status, (await scene.scim("/Users", fresh)).status]).toEqual([200, 200]);
    await scene.connect();
    await scene.config("acceptPreviousToken", "false");
    await scene.up();
    expect((await scene.read()).scimToken).toBe(fresh);
    expect([(await scene.scim("/Users", old)).status, (await scene.scim("/Users", fresh)).status]).toEqual([401, 200]);
  });

  test("the label changes in place", async () => {
    const before = await scene.read();
    await scene.config("app.label", "Renamed directory");
    const { text } = await scene.up();
    expect(text).not.toMatch(/replaced|deleted/);
    expect((await scene.read()).oktaAppId).toBe(before.oktaAppId);
    expect(await scene.okta("GET", `/apps/${before.oktaAppId}`)).toMatchObject({ label: "Renamed directory" });
  });

  test("a refresh detects changes by hand in the org, and the next update reverts them", async () => {
    const { oktaAppId, assignmentGroupId, pushGroups } = await scene.read();
    const app = z.record(z.string(), z.unknown()).parse(await scene.okta("GET", `/apps/${oktaAppId}`));
    await scene.okta("PUT", `/apps/${oktaAppId}`, { ...app, label: "Changed by hand" });
    const mapping = `/apps/${oktaAppId}/group-push/mappings/${pushGroups["Developers"]?.mappingId ?? ""}`;
    await scene.okta("PATCH", mapping, { status: "INACTIVE" });
    const [rule] = ids.parse(await scene.okta("GET", "/groups/rules"));
    await scene.okta("POST", `/groups/rules/${rule?.id ?? ""}/lifecycle/deactivate`);
    await scene.okta("DELETE", `/groups/rules/${rule?.id ?? ""}`);
    await scene.okta("PUT", `/groups/${assignmentGroupId}`, { profile: { name: "Renamed by hand" } });
    const drift = await scene.cli.run("preview", "--refresh", "--expect-no-changes", ...dev);
    expect(drift.code).not.toBe(0);
    const { text } = await scene.cli.ok("refresh", "--yes", "--skip-preview", ...dev);
    expect(summary(text)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^~ 3 updated$/), expect.stringMatching(/^- 1 deleted$/)]),
    );
    await scene.up();
    await scene.cli.ok("preview", "--refresh", "--expect-no-changes", ...dev);
    expect(await scene.okta("GET", `/apps/${oktaAppId}`)).toMatchObject({ label: "Renamed directory" });
    expect(await scene.okta("GET", mapping)).toMatchObject({ status: "ACTIVE" });
    expect(await scene.okta("GET", `/groups/${assignmentGroupId}`)).toMatchObject({
      profile: { name: "iru_endpoint_users" },
    });
    await scene.standIns.org.idle();
    const { scimToken } = await scene.read();
    expect((await scene.scim("/Groups", scimToken)).names).toEqual(["Designers", "Developers"]);
  });

  test("a deleted mapping, which the provider fails to read, is removed from the state by hand and created again", async () => {
    const { oktaAppId, pushGroups } = await scene.read();
    const id = pushGroups["Designers"]?.mappingId ?? "";
    scene.standIns.org.admin.unlinkGroup(id, { deleteTargetGroup: false });
    const refused = await scene.cli.run("refresh", "--yes", "--skip-preview", ...dev);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("Error reading Okta push group mapping");
    const { resources } = await scene.checkpoint();
    const urn = resources.find((resource) => resource.id === id)?.urn ?? "";
    await scene.cli.ok("state", "delete", urn, "--yes", ...dev);
    await scene.up();
    await scene.cli.ok("preview", "--refresh", "--expect-no-changes", ...dev);
    expect(await scene.okta("GET", `/apps/${oktaAppId}/group-push/mappings`)).toHaveLength(2);
  });

  test("a pushed group that somebody deleted and made again keeps its group of the directory", async () => {
    const { sourceGroupId: old } = (await scene.read()).pushGroups["Developers"] ?? { sourceGroupId: "" };
    const members = ids.parse(await scene.okta("GET", `/groups/${old}/users`));
    await scene.okta("DELETE", `/groups/${old}`);
    const made = await scene.okta("POST", "/groups", { profile: { name: "Developers" } });
    const { id } = z.object({ id: z.string() }).parse(made);
    for (const member of members) await scene.okta("PUT", `/groups/${id}/users/${member.id}`);
    const deletions = (): number => scene.standIns.org.exchanges.filter(({ method }) => method === "DELETE").length;
    const known = deletions();
    await scene.up();
    expect((await scene.read()).nextSteps).toEqual([expect.stringContaining('Run "pulumi up --stack dev" once more')]);
    await scene.up();
    const { nextSteps, pushGroups, scimToken } = await scene.read();
    expect([nextSteps, pushGroups["Developers"]]).toMatchObject([[], { sourceGroupId: id, status: "ACTIVE" }]);
    await scene.standIns.org.idle();
    expect((await scene.scim("/Groups", scimToken)).names).toEqual(["Designers", "Developers"]);
    expect(deletions()).toBe(known);
    await scene.cli.ok("preview", "--refresh", "--expect-no-changes", ...dev);
  });

  test("outputs hide secrets by default", async () => {
    const found = await scene.read();
    const { stdout } = await scene.cli.ok("stack", "output", "--json", ...dev);
    expect(JSON.parse(stdout)).toMatchObject({
      scimToken: "[secret]",
      scimAuthorization: "[secret]",
      scimBaseUrl: found.scimBaseUrl,
    });
    expect(found.scimAuthorization).toBe(`Bearer ${found.scimToken}`);
  });

  test("a destroy deletes mappings first and the service last, and leaves nothing", async () => {
    const found = await scene.read();
    scene.deletions.length = 0;
    await scene.cli.ok("destroy", "--yes", "--skip-preview", ...dev);
    const first = (type: string): number => scene.deletions.indexOf(type);
    const last = (type: string): number => scene.deletions.lastIndexOf(type);
    const order = [
      PUSH,
      "okta:group/rule:Rule",
      "okta:app/groupAssignment:GroupAssignment",
      "okta:app/saml:Saml",
      "aws:lambda/function:Function",
      "aws:dynamodb/table:Table",
    ];
    order.slice(1).forEach((type, index) => expect(last(order[index] ?? ""), type).toBeLessThan(first(type)));
    const apps = ids.parse(await scene.okta("GET", "/apps"));
    expect(apps.map(({ id }) => id)).not.toContain(found.oktaAppId);
    expect(await scene.okta("GET", "/groups/rules")).toEqual([]);
    const groups = ids.parse(await scene.okta("GET", "/groups"));
    expect(groups.map(({ id }) => id)).not.toContain(found.assignmentGroupId);
    const client = new DynamoDBClient({
      endpoint: scene.standIns.cloud.dynamodbEndpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();
  });

  test("no token ever appeared in plain text in state, previews, logs and process lists", () =>
    scene.expectNoTokenInPlainText());
});
