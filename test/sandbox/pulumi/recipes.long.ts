import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { binaries } from "../../support/sandbox/pulumi/cli.ts";
import { dev, startScene, type Scene } from "../../support/sandbox/pulumi/scene.ts";

const apps = z.array(z.object({ id: z.string(), name: z.string() }));
const groupList = z.object({ Resources: z.array(z.object({ id: z.string(), displayName: z.string() })) });

/** The `pulumi` commands of a recipe in docs/recipes.md as this scene runs them, without questions. */
async function recipe(title: string): Promise<string[][]> {
  const page = await readFile(fileURLToPath(new URL("../../../docs/recipes.md", import.meta.url)), "utf8");
  const section = page.split(`## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  const asks = new Set(["up", "destroy", "rm", "unprotect"]);
  return [...section.matchAll(/^ *pulumi (.+?) *(?:#.*)?$/gm)].map(([, line = ""]) => {
    const words = line
      .replaceAll("acme-prod", "dev")
      .replaceAll(/'([^']*)'/g, "$1")
      .split(/\s+/);
    const [first = "", second = ""] = words;
    const isQuiet = first === "config" || !(asks.has(first) || asks.has(second));
    return isQuiet ? words : [...words, "--yes", ...(["up", "destroy"].includes(first) ? ["--skip-preview"] : [])];
  });
}

describe.skipIf(binaries === undefined)("recipes for a production tenant under Pulumi's own engine", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
    await scene.config("stage", "production");
    await scene.up();
    await scene.connect();
    await scene.config("connection", "ready");
    await scene.up();
    await scene.standIns.org.idle();
  });
  afterAll(() => scene.close());

  const idsOfGroups = async (): Promise<Record<string, string>> => {
    const { scimBaseUrl, scimToken } = await scene.read();
    const response = await fetch(`${scimBaseUrl}/Groups`, { headers: { authorization: `Bearer ${scimToken}` } });
    const { Resources } = groupList.parse(await response.json());
    return Object.fromEntries(Resources.map(({ id, displayName }) => [displayName, id]));
  };
  const activePeople = async (): Promise<number> => {
    const { scimBaseUrl, scimToken } = await scene.read();
    const query = new URLSearchParams({ filter: "active eq true", count: "0" }).toString();
    const response = await fetch(`${scimBaseUrl}/Users?${query}`, {
      headers: { authorization: `Bearer ${scimToken}` },
    });
    return z.object({ totalResults: z.number() }).parse(await response.json()).totalResults;
  };

  test("Replace the app: groups keep their ids, and everyone is active again", async () => {
    const before = { groups: await idsOfGroups(), people: await activePeople(), app: (await scene.read()).oktaAppId };
    expect(Object.keys(before.groups).sort()).toEqual(["Designers", "Developers"]);
    const commands = await recipe("Replace the app");
    expect(commands.length).toBeGreaterThan(5);
    for (const words of commands) {
      // The steps of the console come before the connection is called ready.
      if (words.includes("ready")) await scene.connect();
      await scene.cli.ok(...words);
      await scene.standIns.org.idle();
    }
    const after = await scene.read();
    expect(after.oktaAppId).not.toBe(before.app);
    expect(apps.parse(await scene.okta("GET", "/apps"))).toEqual([
      expect.objectContaining({ id: after.oktaAppId, name: "scim2headerauth" }),
    ]);
    expect(await idsOfGroups()).toEqual(before.groups);
    expect(await activePeople()).toBe(before.people);
  });

  test("Remove a tenant: nothing is left but the table", async () => {
    const { oktaAppId } = await scene.read();
    expect((await scene.cli.run("destroy", "--yes", "--skip-preview", ...dev)).code).not.toBe(0);
    for (const words of await recipe("Remove a tenant")) {
      await scene.cli.ok(...words);
      await scene.standIns.org.idle();
    }
    expect(apps.parse(await scene.okta("GET", "/apps")).map(({ id }) => id)).not.toContain(oktaAppId);
    expect(await scene.okta("GET", "/groups/rules")).toEqual([]);
    expect(existsSync(join(scene.cli.folder, "Pulumi.dev.yaml"))).toBe(false);
    expect(JSON.parse((await scene.cli.ok("stack", "ls", "--json")).stdout)).toEqual([]);
    const client = new DynamoDBClient({
      endpoint: scene.standIns.cloud.dynamodbEndpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toHaveLength(1);
    client.destroy();
  });
});
