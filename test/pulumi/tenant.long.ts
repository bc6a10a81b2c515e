import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startStandIns, type StandIns } from "../../sandbox/pulumi/index.ts";
import type { Provider } from "../../sandbox/providers/provider.ts";
import { binaries, createCli, filesBelow, type Cli } from "./cli.ts";

if (binaries === undefined) {
  process.stdout.write(
    "test:engine is skipped: PULUMI_BIN names no folder with the pulumi command (.ci/pulumi-cli builds one)\n",
  );
}

const outputs = z.object({
  scimBaseUrl: z.string(),
  scimToken: z.string(),
  scimAuthorization: z.string(),
  oktaAppId: z.string(),
  assignmentGroupId: z.string(),
  connection: z.string(),
  nextSteps: z.array(z.string()),
  pushGroups: z.record(z.string(), z.object({ mappingId: z.string().nullable(), status: z.string() })),
});
type Outputs = z.infer<typeof outputs>;

/** `okta:app/saml:Saml dev-app` as `okta:app:Saml dev-app`, the form of previews. */
const declared = (text: string): string[] =>
  [
    ...new Set(
      [...text.matchAll(/^ \+ {2}(\w[\w-]*:\S+) (\S+) create\b/gm)].map(([, type, name]) => `${type} ${name}`),
    ),
  ].sort();

describe.skipIf(binaries === undefined)("a tenant under Pulumi's own engine", () => {
  let standIns: StandIns;
  let cli: Cli;
  /** Resource types in the order in which the providers were asked to delete them. */
  const deletions: string[] = [];
  /** Resolves when a resource of this type is being made. */
  let hold: { readonly type: string; readonly reached: () => void } | undefined;
  const tokens = new Set<string>();
  const serviceLog: string[] = [];
  const dev = ["--stack", "dev"];
  const up = ["up", "--yes", "--skip-preview", ...dev];

  function observe(provider: Provider): Provider {
    const resources = Object.entries(provider.resources).map(([type, handler]) => [
      type,
      {
        ...handler,
        create: async (inputs: Parameters<typeof handler.create>[0]) => {
          if (hold?.type === type) {
            hold.reached();
            await new Promise((resolve) => setTimeout(resolve, 2_000));
          }
          return handler.create(inputs);
        },
        delete: async (...args: Parameters<typeof handler.delete>) => {
          deletions.push(type);
          return handler.delete(...args);
        },
      },
    ]);
    return { ...provider, resources: Object.fromEntries(resources) as Provider["resources"] };
  }

  const config = (key: string, value: string): Promise<unknown> =>
    cli.ok("config", "set", ...dev, "--path", key, value);

  async function read(): Promise<Outputs> {
    const { stdout } = await cli.ok("stack", "output", "--json", "--show-secrets", ...dev);
    const found = outputs.parse(JSON.parse(stdout));
    tokens.add(found.scimToken);
    return found;
  }

  async function okta(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${standIns.org.url}/api/v1${path}`, {
      method,
      headers: { authorization: `SSWS ${standIns.org.apiToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.status, text).toBeLessThan(300);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  }

  const connect = async ({ oktaAppId, scimBaseUrl, scimToken }: Outputs): Promise<void> => {
    const result = await standIns.org.admin.configureProvisioning(oktaAppId, {
      baseUrl: scimBaseUrl,
      token: scimToken,
      actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true },
      toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
    });
    expect(result).toMatchObject({ ok: true });
  };

  async function scim(path: string, token: string): Promise<{ status: number; names: string[] }> {
    const { scimBaseUrl } = await read();
    const response = await fetch(`${scimBaseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = z
      .object({ Resources: z.array(z.object({ displayName: z.string().optional() })).default([]) })
      .parse(await response.json());
    return { status: response.status, names: body.Resources.map(({ displayName }) => displayName ?? "").sort() };
  }

  const summary = (text: string): string[] =>
    [...(text.split(/^Resources:$/m)[1] ?? "").matchAll(/^ {4}(.+)$/gm)].map(([, line]) => line?.trim() ?? "");

  beforeAll(async () => {
    standIns = await startStandIns({
      binaries: binaries ?? "",
      wrap: observe,
      onLog: (line) => serviceLog.push(line),
    });
    cli = await createCli(standIns.env);
    await cli.ok("stack", "init", "dev");
  });
  afterAll(async () => {
    await cli?.remove();
    await standIns?.close();
  });

  test("a preview names every resource of a new tenant, as the README shows, and passes the policies", async () => {
    const { text } = await cli.ok("preview", ...dev, "--policy-pack", "policy", "--suppress-progress");
    const readme = await readFile(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
    const example = /```text\n(Previewing update \(dev\):[\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(declared(text)).toEqual(declared(example));
    expect(declared(text).length).toBeGreaterThan(15);
    expect(text).toMatch(/okta-scim-directory@v\S+ \(local: policy\)/);
    expect(text).not.toContain("[mandatory]");
  });

  test("a preview that breaks a policy fails and names it", async () => {
    const path = join(cli.folder, "components/scimDirectory/function.ts");
    const source = await readFile(path, "utf8");
    await writeFile(path, source.replace('runtime: "nodejs24.x"', 'runtime: "nodejs18.x"'));
    const { code, text } = await cli.run("preview", ...dev, "--policy-pack", "policy", "--suppress-progress");
    await writeFile(path, source);
    expect(code).not.toBe(0);
    expect(text).toMatch(/\[mandatory\].*runtime-supported/);
    expect(text).toContain('the runtime "nodejs18.x" is not supported');
  });

  test("the first deployment assigns nobody and tells the console step", async () => {
    const { text } = await cli.ok(...up, "--policy-pack", "policy");
    expect(summary(text)).toEqual([expect.stringMatching(/^\+ 1\d created$/)]);
    const found = await read();
    expect(found).toMatchObject({ connection: "pending", pushGroups: { Developers: { mappingId: null } } });
    expect(found.nextSteps.join("\n")).toContain(found.scimBaseUrl);
    expect(await okta("GET", `/apps/${found.oktaAppId}/groups`)).toEqual([]);
  });

  test("a second deployment before the console step is refused by name", async () => {
    await config("connection", "ready");
    const { code, text } = await cli.run(...up);
    expect(code).not.toBe(0);
    expect(text).toContain("does not provision yet");
    expect(text).toContain("Create Users (PUSH_NEW_USERS)");
  });

  test("the second deployment assigns and pushes", async () => {
    await connect(await read());
    await cli.ok(...up, "--policy-pack", "policy");
    const found = await read();
    expect(found.nextSteps).toEqual([]);
    expect(found.pushGroups).toMatchObject({ Developers: { status: "ACTIVE" }, Designers: { status: "ACTIVE" } });
    await standIns.org.idle();
    expect(await scim("/Groups", found.scimToken)).toEqual({ status: 200, names: ["Designers", "Developers"] });
  });

  test("nothing is left to do afterwards", async () => {
    const { text } = await cli.ok("preview", "--expect-no-changes", ...dev);
    expect(summary(text)).toEqual([expect.stringMatching(/^\d+ unchanged$/)]);
  });

  test("a push group is added and removed, and nothing else is touched", async () => {
    await config("pushGroups[2]", "Finance");
    const added = await cli.ok(...up);
    expect(summary(added.text)[0]).toMatch(/^\+ [12] created$/);
    expect(added.text).not.toMatch(/replaced|deleted/);
    await standIns.org.idle();
    const { scimToken } = await read();
    expect((await scim("/Groups", scimToken)).names).toContain("Finance");
    await cli.ok("config", "rm", ...dev, "--path", "pushGroups[2]");
    const removed = await cli.ok(...up);
    expect(summary(removed.text).join()).toMatch(/- [12] deleted/);
    await standIns.org.idle();
    expect(await scim("/Groups", scimToken)).toEqual({ status: 200, names: ["Designers", "Developers"] });
  });

  test("the token is rotated with an overlap", async () => {
    const { scimToken: old } = await read();
    await config("tokenGeneration", "2");
    await cli.ok(...up);
    const { scimToken: fresh } = await read();
    expect(fresh).not.toBe(old);
    expect([(await scim("/Users", old)).status, (await scim("/Users", fresh)).status]).toEqual([200, 200]);
    await connect(await read());
    await config("acceptPreviousToken", "false");
    await cli.ok(...up);
    expect((await read()).scimToken).toBe(fresh);
    expect([(await scim("/Users", old)).status, (await scim("/Users", fresh)).status]).toEqual([401, 200]);
  });

  test("the label changes in place", async () => {
    const before = await read();
    await config("app.label", "Renamed directory");
    const { text } = await cli.ok(...up);
    expect(text).not.toMatch(/replaced|deleted/);
    expect((await read()).oktaAppId).toBe(before.oktaAppId);
    expect(await okta("GET", `/apps/${before.oktaAppId}`)).toMatchObject({ label: "Renamed directory" });
  });

  test("an update that is interrupted half-way is finished by the next one", async () => {
    await config("pushGroups[2]", "Finance");
    await config("throttle.ratePerSecond", "77");
    const reached = new Promise<void>((resolve) => {
      hold = { type: "okta:index/pushGroup:PushGroup", reached: resolve };
    });
    const { code, text } = await cli.interrupted(reached, ...up);
    hold = undefined;
    expect(code).not.toBe(0);
    expect(text).toMatch(/cancel/i);
    await cli.ok(...up);
    await cli.ok("preview", "--expect-no-changes", ...dev);
    const found = await read();
    const mappings = await okta("GET", `/apps/${found.oktaAppId}/group-push/mappings`);
    expect(mappings).toHaveLength(3);
    await standIns.org.idle();
    expect((await scim("/Groups", found.scimToken)).names).toEqual(["Designers", "Developers", "Finance"]);
  });

  test("a refresh finds what somebody changed in the org by hand, and the next update mends it", async () => {
    const { oktaAppId, assignmentGroupId, pushGroups } = await read();
    const app = z.record(z.string(), z.unknown()).parse(await okta("GET", `/apps/${oktaAppId}`));
    await okta("PUT", `/apps/${oktaAppId}`, { ...app, label: "Changed by hand" });
    const mapping = `/apps/${oktaAppId}/group-push/mappings/${pushGroups["Finance"]?.mappingId ?? ""}`;
    await okta("PATCH", mapping, { status: "INACTIVE" });
    const [rule] = z.array(z.object({ id: z.string() })).parse(await okta("GET", "/groups/rules"));
    await okta("POST", `/groups/rules/${rule?.id ?? ""}/lifecycle/deactivate`);
    await okta("DELETE", `/groups/rules/${rule?.id ?? ""}`);
    await okta("PUT", `/groups/${assignmentGroupId}`, { profile: { name: "Renamed by hand" } });
    const drift = await cli.run("preview", "--refresh", "--expect-no-changes", ...dev);
    expect(drift.code).not.toBe(0);
    const { text } = await cli.ok("refresh", "--yes", "--skip-preview", ...dev);
    expect(summary(text)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^~ 3 updated$/), expect.stringMatching(/^- 1 deleted$/)]),
    );
    await cli.ok(...up);
    await cli.ok("preview", "--refresh", "--expect-no-changes", ...dev);
    expect(await okta("GET", `/apps/${oktaAppId}`)).toMatchObject({ label: "Renamed directory" });
    expect(await okta("GET", mapping)).toMatchObject({ status: "ACTIVE" });
    expect(await okta("GET", `/groups/${assignmentGroupId}`)).toMatchObject({
      profile: { name: "iru_endpoint_users" },
    });
  });

  test("outputs hide secrets unless they are asked for", async () => {
    const found = await read();
    const { stdout } = await cli.ok("stack", "output", "--json", ...dev);
    expect(JSON.parse(stdout)).toMatchObject({
      scimToken: "[secret]",
      scimAuthorization: "[secret]",
      scimBaseUrl: found.scimBaseUrl,
    });
    expect(found.scimAuthorization).toBe(`Bearer ${found.scimToken}`);
  });

  test("a destroy takes mappings first, the service last, and leaves nothing", async () => {
    const found = await read();
    deletions.length = 0;
    await cli.ok("destroy", "--yes", "--skip-preview", ...dev);
    const first = (type: string): number => deletions.indexOf(type);
    const last = (type: string): number => deletions.lastIndexOf(type);
    const order = [
      "okta:index/pushGroup:PushGroup",
      "okta:group/rule:Rule",
      "okta:app/groupAssignment:GroupAssignment",
      "okta:app/saml:Saml",
      "aws:lambda/function:Function",
      "aws:dynamodb/table:Table",
    ];
    order.slice(1).forEach((type, index) => expect(last(order[index] ?? ""), type).toBeLessThan(first(type)));
    const apps = z.array(z.object({ id: z.string() })).parse(await okta("GET", "/apps"));
    expect(apps.map(({ id }) => id)).not.toContain(found.oktaAppId);
    expect(await okta("GET", "/groups/rules")).toEqual([]);
    const groups = z.array(z.object({ id: z.string() })).parse(await okta("GET", "/groups"));
    expect(groups.map(({ id }) => id)).not.toContain(found.assignmentGroupId);
    const client = new DynamoDBClient({
      endpoint: standIns.cloud.dynamodbEndpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();
  });

  test("no token ever stood in the state, on a screen, in a log or in a process list", async () => {
    const shown = cli.printed().split("\n");
    expect(tokens.size).toBe(2);
    const state = await filesBelow(join(standIns.stateFolder, ".pulumi"));
    const logs = `${await filesBelow(cli.logs)}${serviceLog.join("\n")}`;
    const lists = cli.processLists();
    expect(state).toContain("okta:app/saml:Saml");
    expect(lists).toContain("--show-secrets");
    for (const token of tokens) {
      expect(state).not.toContain(token);
      expect(logs).not.toContain(token);
      expect(lists).not.toContain(token);
      // Asked for by name, `stack output --show-secrets` is the one place that may print it.
      expect(shown.filter((line) => line.includes(token) && !/^ {2}"scim(Token|Authorization)": /.test(line))).toEqual(
        [],
      );
    }
  });
});
