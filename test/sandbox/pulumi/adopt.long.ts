import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startCloud, type Cloud } from "../../../sandbox/aws/index.ts";
import { startStandIns, type StandIns } from "../../../sandbox/pulumi/index.ts";
import { binaries, createCli, type Cli } from "../../support/sandbox/pulumi/cli.ts";
import { summary } from "../../support/sandbox/pulumi/scene.ts";
import { bundledCode, startService, type Service } from "../../support/sandbox/okta/realService.ts";
import { TOKEN, asRecord, person, samlApp, withApi, type TestOrg } from "../../support/sandbox/okta/support.ts";

const report = z.object({ checks: z.array(z.object({ state: z.string(), title: z.string(), detail: z.string() })) });

/** The only events that the first `up` may cause: the app and each mapping are sent what they have already. */
const HARMLESS =
  /^(application\.lifecycle\.update|group_push\.mapping\.update.*|app\.app_group_push\.mapping\.update.*)$/;

describe.skipIf(binaries === undefined)("an integration made by hand, under Pulumi's own engine", () => {
  let standIns: StandIns;
  let cli: Cli;
  let org: TestOrg;

  beforeAll(async () => {
    standIns = await startStandIns({ binaries: binaries ?? "" });
    org = withApi(standIns.org);
    cli = await createCli(standIns, {
      OKTA_ORG_NAME: "handmade",
      OKTA_HTTP_PROXY: org.url,
      OKTA_API_TOKEN: org.apiToken,
    });
  });
  afterAll(async () => {
    await cli.remove();
    await standIns.close();
  });

  /** The article by hand; people and groups are new for each integration. @returns the app's id */
  async function byHand(name: string, service: Service, targetName: string, ownRule: boolean): Promise<string> {
    const appId = await org.make("POST", "/apps", samlApp(`Directory of ${name}`));
    const connected = await org.admin.configureProvisioning(appId, {
      baseUrl: service.baseUrl,
      token: TOKEN,
      actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true, importUsers: false },
      toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
    });
    expect(connected).toMatchObject({ ok: true });
    const assigned = await org.make("POST", "/groups", { profile: { name: `Users of ${name}` } });
    const team = await org.make("POST", "/groups", { profile: { name: `Team of ${name}` } });
    await org.api("PUT", `/apps/${appId}/groups/${assigned}`, {});
    org.admin.hire(person(`Ada${name}`), [assigned, team]);
    org.admin.hire(person(`Bo${name}`), [assigned, team]);
    if (ownRule) {
      const rule = await org.make("POST", "/groups/rules", {
        type: "group_rule",
        name: `Rule of ${name}`,
        conditions: { expression: { type: "urn:okta:expression:1.0", value: `isMemberOfAnyGroup("${team}")` } },
        actions: { assignUserToGroups: { groupIds: [assigned] } },
      });
      await org.api("POST", `/groups/rules/${rule}/lifecycle/activate`);
    }
    await org.make("POST", `/apps/${appId}/group-push/mappings`, { sourceGroupId: team, targetGroupName: targetName });
    await org.idle();
    return appId;
  }

  const events = async (): Promise<string[]> => {
    const { body } = await org.api("GET", "/logs?limit=1000");
    return z
      .array(z.object({ eventType: z.string() }))
      .parse(body)
      .map(({ eventType }) => eventType);
  };

  describe.each([
    ["plain", "Team of plain", false],
    ["named", "Another name", true],
  ])("%s: pushed as %s, a rule of the administrator's own: %s", (name, targetName, ownRule) => {
    const stack = ["--stack", name] as const;
    let cloud: Cloud;
    let service: Service;
    let appId = "";
    let before: string[];

    /** The app without the time of its last update. */
    const app = async (): Promise<unknown> => {
      const { body } = await org.api("GET", `/apps/${appId}`);
      return { ...asRecord(body), lastUpdated: undefined };
    };

    beforeAll(async () => {
      cloud = await startCloud({ port: 0 });
      service = await startService(cloud, await bundledCode());
      appId = await byHand(name, service, targetName, ownRule);
      before = await events();
    });
    afterAll(() => cloud.close());

    test("is described, imported, and previewed without a replacement", async () => {
      const adopted = await cli.npmRun("adopt", ...stack, "--app", appId, "--base-url", service.baseUrl, "--write");
      expect(adopted.code, adopted.text).toBe(0);
      expect(adopted.stdout).toContain("people may sign on through the app (https://sp.example.com/acs)");
      await cli.ok("stack", "init", name);
      await cli.ok("config", "set", ...stack, "--secret", "--path", "endpoint.token", TOKEN);
      const file = `Pulumi.${name}.import.json`;
      await cli.ok("import", ...stack, "--file", file, "--protect=false", "--generate-code=false", "--yes");
      const { stdout } = await cli.ok("preview", "--diff", ...stack);
      // The component and, without rules of the administrator's own, one rule; app and mapping are sent what they have.
      expect(summary(stdout)).toEqual([
        `+ ${ownRule ? 1 : 2} to create`,
        "~ 2 to update",
        expect.stringMatching(/unchanged$/),
      ]);
      expect(stdout).not.toMatch(/\((replace|delete)\)/);
      expect(await events()).toEqual(before);
      const written = await readFile(join(cli.folder, `Pulumi.${name}.yaml`), "utf8");
      expect(written).toContain("okta:orgName: handmade\n");
      expect(written).not.toContain(TOKEN);
    });

    test("is deployed without anything that a person notices, and stays as it is", async () => {
      const [old, people, groups] = [await app(), await service.people(), await service.groups()];
      await cli.ok("up", "--yes", "--skip-preview", ...stack);
      await org.idle();
      const caused = (await events()).slice(before.length).filter((event) => !HARMLESS.test(event));
      expect(caused.filter((event) => !event.startsWith("group.rule") && event !== "policy.rule.add")).toEqual([]);
      expect(await app()).toEqual(old);
      expect([await service.people(), await service.groups()]).toEqual([people, groups]);
      expect(people).toHaveLength(2);
      await cli.ok("preview", "--expect-no-changes", ...stack);
    });

    test("is right by verify", async () => {
      const ran = await cli.npmRun("verify", ...stack, "--json");
      const { checks } = report.parse(JSON.parse(ran.stdout.trim().split("\n").at(-1) ?? ""));
      expect(checks.filter(({ state }) => state === "wrong")).toEqual([]);
    });

    test("is let go of again: nothing is deleted in Okta, and nothing is left in Pulumi", async () => {
      const [old, people, groups] = [await app(), await service.people(), await service.groups()];
      const here = await events();
      await cli.ok("state", "delete", ...stack, "--all", "--force", "--yes");
      await cli.ok("stack", "rm", name, "--yes");
      await rm(join(cli.folder, `Pulumi.${name}.yaml`), { force: true });
      await org.idle();
      expect(await events()).toEqual(here);
      expect([await app(), await service.people(), await service.groups()]).toEqual([old, people, groups]);
    });
  });
});
