import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkTenants } from "../../../operations/tenants/check.ts";
import { newTenant, writeTenant } from "../../../operations/tenants/newTenant.ts";
import { readTenants } from "../../../operations/tenants/stacks.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tenants-"));
  await writeFile(join(root, "Pulumi.yaml"), "name: okta-scim-directory\nruntime: nodejs\n");
});
afterEach(() => rm(root, { recursive: true }));

const write = (stack: string, lines: readonly string[], rest = ""): Promise<void> =>
  writeFile(join(root, `Pulumi.${stack}.yaml`), `${rest}config:\n${lines.map((line) => `  ${line}\n`).join("")}`);
const key = (name: string, value: unknown): string => `okta-scim-directory:${name}: ${JSON.stringify(value)}`;
const a = (...lines: string[]): Promise<void> =>
  write("aa", [key("tenant", "aa"), key("assignmentGroup", "as"), ...lines]);
const b = (...lines: string[]): Promise<void> =>
  write("bb", [key("tenant", "bb"), key("assignmentGroup", "bs"), ...lines]);
const domain = (name: string): string => key("endpoint", { kind: "managed", domain: { name, hostedZoneId: "Z0123" } });

const found = async (): Promise<string[]> =>
  (await checkTenants(root)).problems.map(({ file, path, wrong }) => `${file}: ${path}: ${wrong}`);

describe("tenants check of files that people wrote", () => {
  it("names one planted collision of each kind among 36 tenants", async () => {
    for (let number = 1; number <= 36; number += 1) {
      const domain = number % 2 === 0 ? { domain: `t${number}.example.com`, hostedZone: "Z0123" } : {};
      const { file } = newTenant((await readTenants(root)).tenants, `t${number}`, domain);
      await writeTenant(root, file);
    }
    expect(await found()).toEqual([]);
    await write("x1", [key("tenant", "t7"), key("app", { label: "X1" }), key("assignmentGroup", "x1")]);
    await write("x2", [
      key("tenant", "x2"),
      key("app", { label: "IRU endpoint SCIM (t8)" }),
      key("assignmentGroup", "x2"),
    ]);
    await write("x3", [key("tenant", "x3"), key("assignmentGroup", "IRU_ENDPOINT_USERS_T9")]);
    await write("x4", [key("tenant", "x4"), key("assignmentGroup", "x4"), domain("t10.example.com")]);
    const created = { name: "Iru_endpoint_users_t11", create: true };
    await write("x5", [key("tenant", "x5"), key("assignmentGroup", "x5"), key("pushGroups", [created])]);
    expect((await found()).map((line) => line.replace(/ too.*/, ""))).toEqual([
      'Pulumi.x1.yaml: tenant: "t7" is the tenant of Pulumi.t7.yaml',
      'Pulumi.x2.yaml: app.label: "IRU endpoint SCIM (t8)" is the app label of Pulumi.t8.yaml',
      'Pulumi.x3.yaml: assignmentGroup: "IRU_ENDPOINT_USERS_T9" is an Okta group of Pulumi.t9.yaml',
      'Pulumi.x4.yaml: endpoint.domain.name: "t10.example.com" is the domain of Pulumi.t10.yaml',
      'Pulumi.x5.yaml: pushGroups[0].name: "Iru_endpoint_users_t11" is an Okta group of Pulumi.t11.yaml',
    ]);
  });

  it.each([
    ["Straße", "STRASSE"],
    ["caf\u00e9", "CAFE\u0301"],
    ["Team\u00a0A", "team A"],
    ["\uff34eam", "team"],
  ])("names a group that a person cannot tell from another one: %s and %s", async (one, other) => {
    await write("aa", [key("tenant", "aa"), key("assignmentGroup", one)]);
    await write("bb", [key("tenant", "bb"), key("assignmentGroup", other)]);
    expect(await found()).toEqual([expect.stringContaining("is an Okta group of Pulumi.aa.yaml too")]);
  });

  it("reads comments, anchors and merged keys as Pulumi does", async () => {
    const common = "# shared\nx-common: &common\n  kind: managed\n";
    const endpoint =
      "okta-scim-directory:endpoint: { <<: *common, domain: { name: scim.a.test, hostedZoneId: Z0123 } }";
    await write("aa", [key("tenant", "aa"), `${endpoint} # of aa`], common);
    await b(domain("scim.a.test"));
    expect(await found()).toEqual([
      'Pulumi.bb.yaml: endpoint.domain.name: "scim.a.test" is the domain of Pulumi.aa.yaml too',
    ]);
  });

  it.each([
    ["an alias inside its own anchor", "config:\n  a:b: &a [*a]\n", "an alias stands inside its own anchor"],
    ["a tab", "config:\n\ttenant: x\n", "Tabs are not allowed as indentation at line 2, column 1"],
    ["two documents", "config: {}\n---\nconfig: {}\n", "Source contains multiple documents at line 2, column 1"],
    ["a key twice", "config:\n  a:b: 1\n  a:b: 2\n", "Map keys must be unique at line 3, column 3"],
    [
      "a key with and without its namespace",
      "config:\n  tenant: aa\n  okta-scim-directory:tenant: bb\n",
      "it has both tenant and okta-scim-directory:tenant, which are one key",
    ],
  ])("names %s, and checks the other files", async (_, text, why) => {
    await writeFile(join(root, "Pulumi.aa.yaml"), text);
    await write("cc", [key("tenant", "c")]);
    expect(await found()).toEqual([
      `Pulumi.aa.yaml: Pulumi.aa.yaml: is not a stack file: ${why}`,
      expect.stringContaining("Pulumi.cc.yaml: tenant: "),
    ]);
  });

  it("names settings of the providers in a form that nothing has, unless they are encrypted", async () => {
    await a("okta:orgName: https://acme.okta.com", "okta:baseUrl: https://okta.com", "aws:region: Frankfurt");
    await b("okta:orgName: {secure: v1:abc}", "okta:baseUrl: okta-emea.com", "aws:region: us-gov-west-1");
    expect(await found()).toEqual([
      "Pulumi.aa.yaml: okta:orgName: has the wrong form",
      "Pulumi.aa.yaml: okta:baseUrl: has the wrong form",
      "Pulumi.aa.yaml: aws:region: has the wrong form",
    ]);
  });

  it("finds a secret inside a structure that was set as JSON text", async () => {
    const endpoint = { kind: "external", baseUrl: "https://x.test/scim", token: "s3cret" };
    await a(key("endpoint", JSON.stringify(endpoint)));
    const result = await checkTenants(root);
    expect(result.problems.map(({ path, wrong }) => `${path} ${wrong}`)).toEqual([
      "endpoint.token is a secret in plain text",
    ]);
    expect(JSON.stringify(result)).not.toContain("s3cret");
  });

  it("finds the authorization of a push receiver in plain text, and takes an encrypted one", async () => {
    const receiver = (name: string, authorization: unknown): object => ({
      name,
      delivery: { push: `https://${name}.example.com/in`, authorization },
    });
    const events = {
      receivers: [
        { name: "audit", delivery: "poll" },
        receiver("open", "Bearer s3cret"),
        receiver("closed", { secure: "v1:abc" }),
      ],
    };
    await a(key("events", events));
    await b(key("events", JSON.stringify({ receivers: [receiver("text", "Bearer s3cret")] })));
    const result = await checkTenants(root);
    const set = (stack: string, index: number): string =>
      `pulumi config set --stack ${stack} --secret --path 'events.receivers[${index}].delivery.authorization'`;
    const after = ", and replace the secret where it was made: the file's history keeps it";
    const problem = (stack: string, index: number): object => ({
      file: `Pulumi.${stack}.yaml`,
      path: `events.receivers[${index}].delivery.authorization`,
      wrong: "is a secret in plain text",
      allowed: "an encrypted value",
      fix: set(stack, index) + after,
    });
    expect(result.problems).toEqual([problem("aa", 1), problem("bb", 0)]);
    expect(JSON.stringify(result)).not.toContain("s3cret");
  });
});
