import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkLines, checkTenants } from "../../../operations/tenants/check.ts";
import { newTenant, writeTenant, type Wishes } from "../../../operations/tenants/newTenant.ts";
import { askWishes } from "../../../operations/tenants/questions.ts";
import { readTenants } from "../../../operations/tenants/stacks.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tenants-"));
  await writeFile(join(root, "Pulumi.yaml"), "name: okta-scim-directory\nruntime: nodejs\n");
});
afterEach(() => rm(root, { recursive: true }));

const write = (stack: string, lines: readonly string[], rest = ""): Promise<void> =>
  writeFile(join(root, `Pulumi.${stack}.yaml`), `${rest}config:\n${lines.map((line) => `  ${line}\n`).join("")}`);
const read = (stack: string): Promise<string> => readFile(join(root, `Pulumi.${stack}.yaml`), "utf8");
const key = (name: string, value: unknown): string => `okta-scim-directory:${name}: ${JSON.stringify(value)}`;

async function make(stack: string, wishes: Wishes = {}): Promise<readonly string[]> {
  const { file, commands } = newTenant((await readTenants(root)).tenants, stack, wishes);
  await writeTenant(root, file);
  return commands;
}

/** What `tenants check` says, without what is allowed and how to correct it. */
const found = async (): Promise<string[]> =>
  (await checkTenants(root)).problems.map(({ file, path, wrong }) => `${file}: ${path}: ${wrong}`);

describe("tenants new", () => {
  it("writes a whole stack file and says the three commands that follow", async () => {
    expect(await make("acme", { push: ["Developers", '{"startsWith":"Team "}'], region: "eu-central-1" })).toEqual([
      "pulumi stack init acme",
      "pulumi up --stack acme",
      "npm run next-steps -- --stack acme",
    ]);
    expect(await read("acme")).toBe(`config:
  aws:region: eu-central-1
  okta-scim-directory:tenant: acme
  okta-scim-directory:app:
    label: Iru Endpoint SCIM (acme)
  okta-scim-directory:assignmentGroup: iru_endpoint_users
  okta-scim-directory:pushGroups:
    - Developers
    - startsWith: "Team "
`);
  });

  it("makes 36 tenants one after another that share nothing", async () => {
    for (let number = 1; number <= 36; number += 1) await make(`customer-${number}`, { push: ["Everyone at work"] });
    expect(await checkTenants(root)).toEqual({ ok: true, files: 36, problems: [], notes: [] });
  });

  it("takes region, hosted zone and secrets provider from the tenants that exist", async () => {
    const domain = { kind: "managed", domain: { name: "scim.acme.example.com", hostedZoneId: "Z0123" } };
    await write(
      "acme",
      [key("tenant", "acme"), "aws:region: eu-west-1", key("endpoint", { ...domain, domain: { ...domain.domain } })],
      "secretsprovider: awskms://alias/pulumi?region=eu-west-1\nencryptedkey: abc\n",
    );
    await write("other", [key("tenant", "other"), "aws:region: eu-west-1", key("assignmentGroup", "others")]);
    expect(await make("beta", { domain: "beta.acme.example.com" })).toContain(
      "pulumi stack init beta --secrets-provider 'awskms://alias/pulumi?region=eu-west-1'",
    );
    expect(await read("beta")).toMatch(
      /aws:region: eu-west-1\n[^]*name: beta\.acme\.example\.com\n +hostedZoneId: Z0123\n/,
    );
    expect(await found()).toEqual([]);
  });

  it("leaves the token of an external endpoint to the command that encrypts it", async () => {
    expect(await make("acme", { external: "https://acme.api.kandji.io/api/v1/scim" })).toEqual([
      "pulumi stack init acme",
      "pulumi config set --stack acme --secret --path endpoint.token",
      "pulumi up --stack acme",
      "npm run next-steps -- --stack acme",
    ]);
    expect(await read("acme")).not.toContain("aws:region");
    const result = await checkTenants(root);
    expect(result.ok).toBe(true);
    expect(checkLines(result)).toEqual([
      "Pulumi.acme.yaml: endpoint.token is not set yet: pulumi config set --stack acme --secret --path endpoint.token",
      "1 stack file: nothing is wrong",
    ]);
  });

  it("takes the default assignment group again in another org", async () => {
    await make("acme");
    await make("beta", { org: "beta" });
    await make("gamma");
    expect(await read("beta")).toContain("assignmentGroup: iru_endpoint_users\n");
    expect(await read("gamma")).toContain("assignmentGroup: iru_endpoint_users_gamma\n");
    expect(await found()).toEqual([]);
  });

  it("makes a slug that is free where another stack has it", async () => {
    await write("prod", [key("tenant", "acme")]);
    await make("acme");
    expect(await read("acme")).toMatch(/tenant: acme-2\n[^]*label: Iru Endpoint SCIM \(acme-2\)\n/);
    expect(await found()).toEqual([]);
  });

  it.each<[string, string, Wishes, string]>([
    ["a name that no stack can have", "Big Corp", {}, '"Big Corp" cannot name a stack; allowed: 1 to 100 of'],
    ["a name without a letter", "42", {}, 'no slug can be made from "42"'],
    ["a stack that exists", "Acme", {}, "Pulumi.Acme.yaml exists already"],
    ["a label that is taken", "beta", { label: "Directory" }, 'app.label: "Directory" is the app label of Pulumi.acme'],
    ["a group that is taken", "beta", { assignmentGroup: "STAFF" }, 'assignmentGroup: "STAFF" is an Okta group of'],
    ["a domain without its zone", "beta", { domain: "scim.beta.test" }, "endpoint.domain.hostedZoneId: is missing"],
    ["a base URL of a resource", "beta", { external: "https://b.test/Users" }, "endpoint.baseUrl: ends in the path"],
    [
      "an entry that is broken JSON",
      "beta",
      { push: ['{"name":"A"'] },
      '--push {"name":"A" is not JSON; allowed: the name',
    ],
    [
      "an org by its address",
      "beta",
      { org: "https://acme.okta.com" },
      "okta:orgName: has the wrong form; allowed: the",
    ],
    ["an empty org", "beta", { org: "" }, "okta:orgName: has the wrong form"],
    ["no region", "beta", { region: "eu west" }, "aws:region: has the wrong form; allowed: an AWS region such as"],
    ["one group twice", "beta", { push: ["Team", "TEAM"] }, "pushGroups[1]: repeats pushGroups[0]"],
    ["a base URL without https", "beta", { external: "http://b.test/scim" }, "endpoint.baseUrl: is not https"],
    ["a wrong entry", "beta", { push: ['{"name":1}'] }, "pushGroups[0].name: is not a text"],
  ])("refuses %s and writes nothing", async (_, stack, wishes, message) => {
    await write("acme", [key("tenant", "acme"), key("app", { label: "Directory" }), key("assignmentGroup", "staff")]);
    await expect(make(stack, wishes)).rejects.toThrow(message);
    expect((await checkTenants(root)).files).toBe(1);
  });

  it("asks with the proposals, and takes an empty answer as a yes", async () => {
    const asked: string[] = [];
    const answers = ["", "eu-north-1", "", "staff", " Developers, , Designers "];
    const wishes = await askWishes(
      (given) => newTenant([], "acme", given),
      (question, proposal) => {
        asked.push(`${question.split(/[(,]/)[0]?.trim()} [${proposal}]`);
        return Promise.resolve(answers[asked.length - 1] || proposal);
      },
    );
    expect(asked).toEqual([
      "Base URL of a directory that exists already []",
      "AWS region [us-east-1]",
      "Label of the app in Okta [Iru Endpoint SCIM (acme)]",
      "Assignment group [iru_endpoint_users]",
      "Okta groups to push []",
    ]);
    await make("acme", wishes);
    expect(await read("acme")).toMatch(/eu-north-1[^]*assignmentGroup: staff\n[^]*- Developers\n {4}- Designers\n$/);
  });
});

describe("tenants check", () => {
  const a = (...lines: string[]): Promise<void> =>
    write("aa", [key("tenant", "aa"), key("assignmentGroup", "as"), ...lines]);
  const b = (...lines: string[]): Promise<void> =>
    write("bb", [key("tenant", "bb"), key("assignmentGroup", "bs"), ...lines]);
  const domain = (name: string): string =>
    key("endpoint", { kind: "managed", domain: { name, hostedZoneId: "Z0123" } });

  it("names two tenants of one slug", async () => {
    await a();
    await write("bb", [key("tenant", "aa"), key("assignmentGroup", "bs")]);
    const { problems } = await checkTenants(root);
    expect(problems).toEqual([
      {
        file: "Pulumi.bb.yaml",
        path: "tenant",
        wrong: '"aa" is the tenant of Pulumi.aa.yaml too',
        allowed: "one slug for each tenant",
        fix: expect.stringMatching(/^pulumi config set --stack bb tenant /) as unknown,
      },
      expect.objectContaining({ path: "app.label", wrong: expect.stringContaining("(aa)") as unknown }),
    ]);
  });

  it("names one assignment group in one org, without regard to case, and a free one", async () => {
    await write("aa", [key("tenant", "aa")]);
    await write("bb", [key("tenant", "bb"), key("assignmentGroup", "IRU_endpoint_users")]);
    expect((await checkTenants(root)).problems).toEqual([
      {
        file: "Pulumi.bb.yaml",
        path: "assignmentGroup",
        wrong: '"IRU_endpoint_users" is an Okta group of Pulumi.aa.yaml too in the org of the environment',
        allowed: "one group for each tenant of an org, since each stack makes its own",
        fix: "pulumi config set --stack bb assignmentGroup IRU_endpoint_users_bb",
      },
    ]);
  });

  it("names a group that two stacks create", async () => {
    await a(key("pushGroups", [{ name: "New", create: true }, { name: "bs" }]));
    await b(key("pushGroups", ["Old", { name: "new", create: true }, { name: "AS", create: true }]));
    expect(await found()).toEqual([
      expect.stringMatching(/^Pulumi\.bb\.yaml: pushGroups\[1\]\.name: "new" is an Okta group of Pulumi\.aa\.yaml too/),
      expect.stringMatching(/^Pulumi\.bb\.yaml: pushGroups\[2\]\.name: "AS" is an Okta group of Pulumi\.aa\.yaml too/),
    ]);
  });

  it("names what collides beside what is wrong in the same file", async () => {
    await a();
    await write("bb", [key("tenant", "bb"), key("assignmentGroup", "as"), key("stage", "x")]);
    expect((await found()).map((line) => line.split(":")[1])).toEqual([" stage", " assignmentGroup"]);
  });

  it("names one label, also one that is the default of another tenant", async () => {
    await a();
    await b(key("app", { label: "iru endpoint scim (AA)" }));
    expect(await found()).toEqual([
      expect.stringMatching(/^Pulumi\.bb\.yaml: app\.label: .* is the app label of Pulumi\.aa/),
    ]);
  });

  it("names one domain, also in different orgs", async () => {
    await a(domain("scim.example.com"), "okta:orgName: one");
    await b(domain("scim.example.com"), "okta:orgName: two");
    expect(await found()).toEqual([
      'Pulumi.bb.yaml: endpoint.domain.name: "scim.example.com" is the domain of Pulumi.aa.yaml too',
    ]);
  });

  it("lets tenants of different orgs have one assignment group and one label", async () => {
    await write("aa", [key("tenant", "aa"), key("app", { label: "Directory" }), "okta:orgName: one"]);
    await write("bb", [key("tenant", "bb"), key("app", { label: "Directory" }), "okta:orgName: two"]);
    await write("cc", [key("tenant", "cc"), key("app", { label: "Directory" }), "okta:orgName: ONE"]);
    expect((await found()).map((line) => line.split(":").slice(0, 2).join(":"))).toEqual([
      "Pulumi.cc.yaml: app.label",
      "Pulumi.cc.yaml: assignmentGroup",
    ]);
  });

  it("lets tenants whose Okta half is made by hand share names in orgs that no stack reaches, but no slug", async () => {
    const half = [key("oktaHalf", "byHand"), key("app", { label: "Directory" })];
    await write("aa", [key("tenant", "aa"), ...half]);
    await write("bb", [key("tenant", "bb"), ...half]);
    await write("cc", [key("tenant", "cc"), key("app", { label: "Directory" })]);
    await write("dd", [key("tenant", "aa"), ...half]);
    expect(await found()).toEqual(['Pulumi.dd.yaml: tenant: "aa" is the tenant of Pulumi.aa.yaml too']);
  });

  it("reports every problem of every file at once, and continues after a file that is not YAML", async () => {
    await a(key("connections", "ready"), key("pushGroups", [{}, "Developers", { id: "x" }]));
    await writeFile(join(root, "Pulumi.bb.yaml"), "config:\n  - [\n");
    await writeFile(join(root, "Pulumi.cc.yaml"), "config: yes\n");
    await writeFile(join(root, "Pulumi.dd.yaml"), "");
    const { files, ok, problems } = await checkTenants(root);
    expect({ files, ok }).toEqual({ files: 4, ok: false });
    expect(problems.map(({ file, path }) => `${file} ${path}`)).toEqual([
      "Pulumi.aa.yaml connections",
      "Pulumi.aa.yaml pushGroups[0]",
      "Pulumi.aa.yaml pushGroups[2].id",
      "Pulumi.bb.yaml Pulumi.bb.yaml",
      "Pulumi.cc.yaml Pulumi.cc.yaml",
      "Pulumi.dd.yaml tenant",
    ]);
  });

  it("refuses secrets in plain text and never shows them, and takes encrypted ones", async () => {
    const endpoint = (token: unknown): string =>
      key("endpoint", { kind: "external", baseUrl: "https://x.test/scim", token });
    await a(endpoint("s3cret"), "okta:apiToken: s3cret", "aws:secretKey: {secure: v1:abc}");
    await b(endpoint({ secure: "v1:abc" }), "okta:privateKey: {secure: v1:abc}");
    const result = await checkTenants(root);
    expect(result.problems.map(({ file, path }) => `${file} ${path}`)).toEqual([
      "Pulumi.aa.yaml endpoint.token",
      "Pulumi.aa.yaml okta:apiToken",
    ]);
    expect(JSON.stringify(result)).not.toContain("s3cret");
  });

  it("checks an example by itself, and lets a tenant share its names", async () => {
    await write("aa", [key("tenant", "aa")], "# Example: a tenant\n");
    await write("bb", [key("tenant", "aa")]);
    await write("cc", [key("tenant", "CC")], "# Example: a wrong one\n");
    expect(await found()).toEqual([expect.stringMatching(/^Pulumi\.cc\.yaml: tenant: /)]);
  });
});
