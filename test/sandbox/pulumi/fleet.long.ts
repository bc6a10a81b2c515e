import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startStandIns, type StandIns } from "../../../sandbox/pulumi/index.ts";
import type { Provider } from "../../../sandbox/engine/provider.ts";
import { binaries, createCli, type Cli, type Ran } from "../../support/sandbox/pulumi/cli.ts";
import { expectNoneInPlainText } from "../../support/sandbox/pulumi/plainText.ts";
import { doConsoleStep, readOutputs } from "../../support/sandbox/pulumi/scene.ts";

const report = z.object({
  command: z.string(),
  ok: z.boolean(),
  stacks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), attempts: z.number() })),
});

const numbers = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(2, "0"));
const failing = "tenant-13";
const limited = "tenant-05";
const right = "tenant-01";

const stackFile = (number: string): string =>
  [
    "config:",
    "  aws:region: us-east-1",
    `  okta-scim-directory:tenant: t${number}`,
    "  okta-scim-directory:stage: development",
    `  okta-scim-directory:app: { label: Directory of ${number} }`,
    `  okta-scim-directory:assignmentGroup: provisioned ${number}`,
    `  okta-scim-directory:pushGroups: [${`tenant-${number}` === failing ? "No such group" : "Developers"}]`,
    "",
  ].join("\n");

describe.skipIf(binaries === undefined)("a fleet of twenty tenants under Pulumi's own engine", () => {
  let standIns: StandIns;
  let cli: Cli;
  const serviceLog: string[] = [];
  let refusals = 0;

  /** Okta rejects the first app of one tenant because of too many requests. */
  const busy = (provider: Provider): Provider => {
    const type = "okta:app/saml:Saml";
    const saml = provider.resources[type];
    if (saml === undefined) return provider;
    const create: typeof saml.create = async (inputs) => {
      if (inputs["label"] === "Directory of 05" && refusals === 0) {
        refusals += 1;
        throw new Error("the API returned an error: API call exceeded rate limit due to too many requests (E0000047)");
      }
      return saml.create(inputs);
    };
    return { ...provider, resources: { ...provider.resources, [type]: { ...saml, create } } };
  };

  const fleet = (...args: string[]): Promise<Ran> => cli.npmRun("fleet", ...args);

  beforeAll(async () => {
    standIns = await startStandIns({ binaries: binaries ?? "", wrap: busy, onLog: (line) => serviceLog.push(line) });
    cli = await createCli(standIns, { OKTA_HTTP_PROXY: standIns.org.url, OKTA_API_TOKEN: standIns.org.apiToken });
    await rm(join(cli.folder, "Pulumi.dev.yaml"));
    for (const number of numbers) await writeFile(join(cli.folder, `Pulumi.tenant-${number}.yaml`), stackFile(number));
    // The stack of 02 does not exist yet.
    for (const number of numbers.filter((each) => each !== "02")) await cli.ok("stack", "init", `tenant-${number}`);
  });
  afterAll(async () => {
    await cli.remove();
    await standIns.close();
  });

  test("a stack that does not exist is named, and never created", async () => {
    for (const command of ["preview", "up"]) {
      const { code, stdout } = await fleet(command, "--only", "tenant-02");
      expect(code).toBe(1);
      expect(stdout).toContain('create it with "pulumi stack init tenant-02"');
    }
    await cli.ok("stack", "init", "tenant-02");
  });

  test("nineteen succeed, one fails, and the summary names it", async () => {
    const { code, stdout, stderr } = await fleet("up", "--parallel", "3", "--back-off", "1", "--json");
    process.stdout.write(stderr);
    expect(code).toBe(1);
    const { ok, stacks } = report.parse(JSON.parse(stdout));
    expect(ok).toBe(false);
    expect(stacks.map(({ name }) => name)).toEqual(numbers.map((number) => `tenant-${number}`));
    expect(stacks.filter((stack) => !stack.ok)).toEqual([expect.objectContaining({ name: failing })]);
    expect(stacks.find(({ name }) => name === failing)?.detail).toContain('no group "No such group" exists');
    expect(stacks.find(({ name }) => name === limited)).toMatchObject({ ok: true, attempts: 2 });
    expect(stderr).toContain(`Okta's rate limit (${limited})`);
    expect(stderr).toContain("[20/20]");
    expect(stderr).not.toContain("MaxListenersExceededWarning");
  });

  test("a preview of some of them prints a table, and succeeds if nothing fails", async () => {
    const { code, stdout } = await fleet("preview", "--only", "tenant-0*", "--parallel", "3");
    expect(code).toBe(0);
    expect(stdout.match(/✓ tenant-0\d .* no changes/g)).toHaveLength(9);
    expect(stdout).toContain("9 of 9 succeeded");
  });

  test("the table of a fleet with a failed tenant ends with its name", async () => {
    const { code, stdout } = await fleet("preview", "--only", failing);
    expect(code).toBe(1);
    expect(stdout).toContain("0 of 1 succeeded; failed: tenant-13");
  });

  test("verify distinguishes tenants that are right from those whose console step is not done", async () => {
    await doConsoleStep(standIns, cli, right);
    await cli.ok("config", "set", "--stack", right, "connection", "ready");
    const up = await fleet("up", "--only", right);
    expect(up.code, up.text).toBe(0);
    await standIns.org.idle();
    const { code, stdout } = await fleet("verify", "--only", "tenant-0*", "--parallel", "2", "--json");
    expect(code).toBe(1);
    const { stacks } = report.parse(JSON.parse(stdout));
    expect(stacks).toHaveLength(9);
    expect(stacks.filter(({ ok }) => ok)).toEqual([expect.objectContaining({ name: right })]);
    for (const { name, detail } of stacks.filter(({ ok }) => !ok)) {
      expect(detail, name).toMatch(/✗ .*provision/i);
    }
  });

  test("no token of a tenant ever appeared in plain text", async () => {
    const tokens = new Set<string>();
    for (const name of [right, limited]) tokens.add((await readOutputs(cli, name)).scimToken);
    await expectNoneInPlainText(tokens, cli, serviceLog);
  });
});
