import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startScene, dev, type Scene } from "../../support/sandbox/pulumi/scene.ts";
import { binaries } from "../../support/sandbox/pulumi/cli.ts";
import { samlApp } from "../../support/sandbox/okta/support.ts";

const made = z.object({ id: z.string() });
const resources = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({ urn: z.string(), id: z.string().optional(), inputs: z.record(z.string(), z.unknown()).default({}) }),
    ),
  }),
});

describe.skipIf(binaries === undefined)("pulumi import of an integration that was created by hand", () => {
  let scene: Scene;
  const ids = { app: "", assigned: "", pushed: "", mapping: "" };
  beforeAll(async () => {
    scene = await startScene();
    const make = async (path: string, body: unknown): Promise<string> =>
      made.parse(await scene.okta("POST", path, body)).id;
    ids.app = await make("/apps", samlApp("By hand"));
    ids.assigned = await make("/groups", { profile: { name: "Users by hand" } });
    ids.pushed = await make("/groups", { profile: { name: "Pushed by hand" } });
    await scene.okta("PUT", `/apps/${ids.app}/groups/${ids.assigned}`, {});
    ids.mapping = await make(`/apps/${ids.app}/group-push/mappings`, {
      sourceGroupId: ids.pushed,
      targetGroupName: "Pushed by hand",
    });
  });
  afterAll(() => scene.close());

  const importOne = (type: string, name: string, id: string) =>
    scene.cli.run(
      "import",
      type,
      name,
      id,
      ...dev,
      "--yes",
      "--generate-code=false",
      "--protect=false",
      "--skip-preview",
    );

  const inState = async (name: string): Promise<{ id: string | undefined; inputs: Record<string, unknown> }> => {
    const { stdout } = await scene.cli.ok("stack", "export", ...dev);
    const found = resources.parse(JSON.parse(stdout)).deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    if (found === undefined) throw new Error(`${name} is not in the state`);
    return { id: found.id, inputs: found.inputs };
  };

  test("imports the app with its sign-on settings, the group, the assignment and the mapping", async () => {
    for (const [type, name, id] of [
      ["okta:app/saml:Saml", "app", ids.app],
      ["okta:group/group:Group", "users", ids.assigned],
      ["okta:app/groupAssignment:GroupAssignment", "assignment", `${ids.app}/${ids.assigned}`],
      ["okta:index/pushGroup:PushGroup", "push", `${ids.app}/${ids.mapping}`],
    ] as const) {
      const { code, text } = await importOne(type, name, id);
      expect(code, text).toBe(0);
    }
    expect(await inState("app")).toMatchObject({
      id: ids.app,
      inputs: { label: "By hand", ssoUrl: "https://sp.example.com/acs", audience: "https://sp.example.com" },
    });
    expect(await inState("assignment")).toMatchObject({
      id: ids.assigned,
      inputs: { appId: ids.app, groupId: ids.assigned },
    });
    const push = await inState("push");
    expect(push).toMatchObject({ id: ids.mapping, inputs: { appId: ids.app, sourceGroupId: ids.pushed } });
    expect(push.inputs).not.toHaveProperty("targetGroupName");
  });

  test("rejects a mapping without its app", async () => {
    const { code, text } = await importOne("okta:index/pushGroup:PushGroup", "other", ids.mapping);
    expect(code).not.toBe(0);
    expect(text).toContain("use appId/mappingId");
  });
});
