import { spawn } from "node:child_process";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { copyOfProject, npmStartIn, type RunningTenant } from "../support/e2e/support.ts";

const result = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()),
  changes: z.array(z.object({ op: z.string(), urn: z.string() })),
});

let project: Awaited<ReturnType<typeof copyOfProject>>;
beforeAll(async () => {
  project = await copyOfProject();
});
afterAll(() => project.remove());

const npmRun = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", ...args], { cwd: project.folder });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });

const lastLine = (text: string): unknown => JSON.parse(text.trim().split("\n").at(-1) ?? "");
const up = async (...args: string[]): Promise<z.infer<typeof result> & { code: number | null }> => {
  const { code, out } = await npmRun("up", "--", "--json", ...args);
  return { code, ...result.parse(lastLine(out)) };
};
const types = (changes: z.infer<typeof result>["changes"]): string[] =>
  changes.map(({ op, urn }) => `${op} ${urn.split("::")[2]?.split("$").at(-1) ?? ""}`);
const withoutTenant = `No tenant runs in this checkout. Run "npm start" first, in another terminal.`;

test("without a running tenant, up and verify say what to start", async () => {
  expect(await up()).toEqual({ code: 1, ok: false, error: withoutTenant, outputs: {}, changes: [] });
  const verify = await npmRun("verify", "--", "--sandbox");
  expect([verify.code, verify.err]).toEqual([2, `error: ${withoutTenant}\n`]);
});

describe("the tenant that npm start runs", () => {
  let tenant: RunningTenant;
  beforeAll(async () => {
    tenant = await npmStartIn(project.folder);
  });
  afterAll(() => tenant.stop());

  test("is found by a file that only this user can read", async () => {
    const folder = join(project.folder, ".sandbox");
    expect(await readdir(folder)).toEqual(["dev.json"]);
    expect((await stat(join(folder, "dev.json"))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test("rejects a call without the secret", async () => {
    const headers = { "content-type": "application/json", authorization: "Bearer wrong" };
    const url = new URL("control/up", tenant.ready.console);
    expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(401);
    expect((await fetch(new URL("control/stack", tenant.ready.console))).status).toBe(401);
  });

  test("is deployed from its current file, with overrides that stay", async () => {
    const first = await up("--config", `app={"label":"Renamed"}`);
    expect([first.code, first.ok, types(first.changes)]).toEqual([0, true, ["update okta:app/saml:Saml"]]);
    expect(first.outputs).toMatchObject({ scimToken: "[secret]", connection: "ready" });
    const file = join(project.folder, "Pulumi.dev.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, `${text}  okta-scim-directory:attributeMapping: true\n`);
    const second = await up("--stack", "dev");
    expect(types(second.changes)).toEqual(["create okta:profile/mapping:Mapping"]);
    const app = (await tenant.okta("GET", `/apps/${tenant.ready.outputs.oktaAppId}`)).body;
    expect(app).toMatchObject({ label: "Renamed" });
    await writeFile(file, text);
    expect(types((await up()).changes)).toEqual(["delete okta:profile/mapping:Mapping"]);
  });

  test("refuses a wrong configuration with the program's message and changes nothing", async () => {
    const refused = await up("--config", `pushGroups=["Nobody"]`);
    expect(refused).toMatchObject({ code: 1, ok: false, changes: [] });
    expect(refused.error).toContain(`no group "Nobody" exists in the Okta org`);
    expect(await up()).toMatchObject({ code: 0, ok: true, changes: [] });
    const printed = await npmRun("up", "--", "--config", "throttle=7");
    expect(printed.code).toBe(1);
    expect(printed.out).toContain("error: ");
    expect((await npmRun("up", "--", "--nonsense")).code).toBe(2);
  });

  test("is verified by verify --sandbox", async () => {
    const { code, out } = await npmRun("verify", "--", "--sandbox");
    expect(out).toContain("right");
    expect(code).toBe(0);
    const file = await readFile(join(project.folder, ".sandbox", "dev.json"), "utf8");
    const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(file));
    const headers = { authorization: `Bearer ${secret}` };
    const stack: unknown = await (await fetch(new URL("control/stack", tenant.ready.console), { headers })).json();
    const { scimToken } = z.object({ outputs: z.object({ scimToken: z.string() }) }).parse(stack).outputs;
    expect(scimToken.length).toBeGreaterThan(20);
    expect(out).not.toContain(scimToken);
  });

  test("is forgotten when it stops, and a file that a killed process left is ignored", async () => {
    const file = join(project.folder, ".sandbox", "dev.json");
    const left = await readFile(file, "utf8");
    expect(await tenant.stop()).toBe(0);
    expect(await readdir(join(project.folder, ".sandbox"))).toEqual([]);
    await writeFile(file, left, { mode: 0o600 });
    expect(await up()).toMatchObject({ code: 1, error: withoutTenant });
    expect(await readdir(join(project.folder, ".sandbox"))).toEqual([]);
  });
});
