import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { oktaOrg } from "../../operations/live/oktaOrg.ts";
import { pushNow } from "../../operations/push/pushNow.ts";
import { readTenant } from "../../operations/live/tenant.ts";
import type { Check } from "../../operations/verify/check.ts";
import { readDirectory, type DirectoryView } from "../../sandbox/tenant/directoryView.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { operatorOf } from "../support/e2e/pulumiCli.ts";

let tenant: Tenant;

beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
});
afterAll(() => tenant.close());

const directory = (of = tenant): Promise<DirectoryView> =>
  readDirectory(String(of.outputs["scimBaseUrl"]), String(of.outputs["scimToken"]));
const groupNames = async (): Promise<string[]> =>
  (await directory()).groups.map(({ displayName }) => displayName).sort();
const wrongSteps = (checks: readonly Check[]): string[] =>
  checks.filter(({ state }) => state === "wrong").map(({ title }) => title);

/** Events in the System Log that an Okta administrator would see if somebody lost something. */
const LOSSES = new Set([
  "group.user_membership.remove",
  "application.user_membership.remove",
  "application.provision.user.deactivate",
]);
const lossesSince = (start: number): string[] =>
  tenant.org.systemLog.slice(start).flatMap(({ eventType }) => (LOSSES.has(eventType) ? [eventType] : []));
const failuresSince = (start: number): string[] =>
  tenant.org.systemLog.slice(start).flatMap(({ outcome }) => (outcome.reason === undefined ? [] : [outcome.reason]));

describe("a tenant after both deployments", () => {
  it("is right in every step of the article that an API can check", async () => {
    const checks = await tenant.verify();
    expect(checks.filter(({ state }) => state === "wrong" || state === "warning")).toEqual([]);
    expect(checks.filter(({ state }) => state === "unknown").map(({ title }) => title)).toEqual([
      "Base URL and token are the ones of this tenant",
    ]);
    expect(new Set(checks.map(({ section }) => section)).size).toBe(7);
  });

  it("keeps its connection and its people when the label changes", async () => {
    const appId = tenant.outputs["oktaAppId"];
    const start = tenant.org.systemLog.length;
    await tenant.up({ app: JSON.stringify({ label: "Directory of Dev" }) });
    expect(tenant.outputs["oktaAppId"]).toBe(appId);
    expect(wrongSteps(await tenant.verify())).toEqual([]);
    expect(tenant.org.systemLog.slice(start).map(({ eventType }) => eventType)).toContain(
      "application.lifecycle.update",
    );
    expect(lossesSince(start)).toEqual([]);
  });

  it("keeps every account if another group is pushed, and creates accounts for its people", async () => {
    const before = (await directory()).users.map(({ userName }) => userName);
    const start = tenant.org.systemLog.length;
    await tenant.up({ pushGroups: JSON.stringify(["Developers", "Designers", "Finance"]) });
    expect(lossesSince(start)).toEqual([]);
    expect(failuresSince(start)).toEqual([]);
    expect(await groupNames()).toEqual(["Designers", "Developers", "Finance"]);
    const { users, groups } = await directory();
    expect(users.map(({ userName }) => userName)).toEqual(expect.arrayContaining(before));
    expect(users.length).toBe(before.length + 6);
    expect(users.every(({ active }) => active === true)).toBe(true);
    expect(groups.find(({ displayName }) => displayName === "Finance")?.members).toHaveLength(6);
  });

  it("deletes the group in the directory when its push ends, and leaves its people unchanged", async () => {
    const people = (await directory()).users.length;
    const start = tenant.org.systemLog.length;
    await tenant.up({ pushGroups: JSON.stringify(["Developers", { name: "Finance", keepTargetOnDelete: true }]) });
    expect(await groupNames()).toEqual(["Developers", "Finance"]);
    expect(lossesSince(start)).toEqual([]);
    const { users } = await directory();
    expect(users).toHaveLength(people);
    expect(users.every(({ active }) => active === true)).toBe(true);
  });

  it("leaves the group in the directory when keepTargetOnDelete says so", async () => {
    const start = tenant.org.exchanges.length;
    await tenant.up({ pushGroups: JSON.stringify(["Developers"]) });
    expect(await groupNames()).toEqual(["Developers", "Finance"]);
    expect(tenant.org.exchanges.slice(start).map(({ method }) => method)).not.toContain("DELETE");
    const checks = await tenant.verify();
    expect(wrongSteps(checks)).toEqual([]);
    const alone = checks.find(({ title }) => title === "Assigned and in no pushed group");
    expect(alone?.detail).toContain("clara.moreau@example.com");
  });
});

describe("push-now", () => {
  it("makes Okta send the whole group again, and names groups that are not pushed", async () => {
    const { outputs } = readTenant("dev", { "okta-scim-directory:tenant": "dev" }, [], tenant.outputs);
    const org = oktaOrg({ orgUrl: tenant.org.url, token: tenant.org.apiToken });
    const start = tenant.org.exchanges.length;
    expect(await pushNow(outputs, org, { only: ["Developers"] })).toEqual([
      { label: "Developers", outcome: "pushed", detail: "Okta sent the whole group" },
    ]);
    await tenant.org.idle();
    const writes = tenant.org.exchanges.slice(start).filter(({ method }) => method === "PUT");
    expect(writes.map(({ status }) => status)).toEqual([200]);
    expect(writes[0]?.requestBody).toMatchObject({ displayName: "Developers", members: { length: 8 } });
    await expect(pushNow(outputs, org, { only: ["Sales"] })).rejects.toThrow(
      "the stack pushes no group Sales; it pushes ",
    );
  });

  it("reports Okta's reason if the group was deleted in the directory, as verify does", async () => {
    const { outputs } = readTenant("dev", { "okta-scim-directory:tenant": "dev" }, [], tenant.outputs);
    const { groups } = await directory();
    const id = groups.find(({ displayName }) => displayName === "Developers")?.id ?? "";
    const authorization = String(tenant.outputs["scimAuthorization"]);
    await fetch(`${String(tenant.outputs["scimBaseUrl"])}/Groups/${id}`, {
      method: "DELETE",
      headers: { authorization },
    });
    const [result] = await pushNow(outputs, oktaOrg({ orgUrl: tenant.org.url, token: tenant.org.apiToken }), {
      only: ["Developers"],
    });
    expect(result?.outcome).toBe("failed");
    expect(result?.detail).toContain("Unable to update Group Push mapping target App group Developers");
    const pushed = (await tenant.verify()).find(({ title }) => title === "Developers is pushed");
    expect(pushed?.state).toBe("wrong");
    expect(pushed?.detail).toBe(`the mapping is in ERROR: ${result?.detail ?? ""}`);
    expect(pushed?.remedy).toContain('npm run push-now -- --stack dev --group "Developers"');
  });
});

describe("the commands of an operator", () => {
  it("exit with 0, 1 and 2 for right, wrong and not checked, and show no secret", async () => {
    const operator = await operatorOf(tenant);
    try {
      const wrong = await operator.npmRun("verify", "--stack", "dev", "--json");
      expect(wrong.stderr).toContain(`Reading ${tenant.org.url}`);
      expect(wrong.code).toBe(1);
      const report = z.object({
        wrong: z.number(),
        warnings: z.number(),
        checks: z.array(z.object({ id: z.string(), title: z.string(), state: z.string(), detail: z.string() })),
      });
      expect(report.parse(JSON.parse(wrong.stdout))).toMatchObject({ wrong: 1, warnings: 0 });

      const pushed = await operator.npmRun("push-now", "--stack", "dev", "--group", "Developers");
      expect(pushed.code).toBe(1);
      expect(pushed.stdout).toContain("Developers: failed (Unable to update Group Push mapping");

      await tenant.up({ pushGroups: JSON.stringify(["Finance"]) });
      const again = await operatorOf(tenant);
      const right = await again.npmRun("verify", "--stack", "dev");
      await again.remove();
      expect(right.stdout).toContain("✓ Finance is pushed");
      expect(right.code).toBe(0);

      const unable = await operator.npmRun("verify", "--stack", "nobody");
      expect(unable.stderr).toContain("error: the stack nobody cannot be read: no stack named 'nobody' found");
      expect(unable.code).toBe(2);
      expect((await operator.npmRun("push-now", "--stack", "dev", "--group", "Sales")).code).toBe(2);
      for (const { stdout, stderr } of [wrong, pushed, right, unable]) {
        expect(stdout + stderr).not.toContain(String(tenant.outputs["scimToken"]));
        expect(stdout + stderr).not.toContain(tenant.org.apiToken);
        expect(stderr).not.toContain("    at ");
      }
    } finally {
      await operator.remove();
    }
  });
});

describe("a connection that was wiped in the Admin Console", () => {
  it("is found by verify and by the next deployment, which names the missing features and changes nothing", async () => {
    tenant.org.admin.disconnect(String(tenant.outputs["oktaAppId"]));
    const checks = await tenant.verify();
    expect(wrongSteps(checks)).toContain("The wanted provisioning actions are on");
    const step = checks.find(({ title }) => title === "The wanted provisioning actions are on");
    expect(step?.detail).toContain("Create Users (PUSH_NEW_USERS)");
    expect(step?.remedy).toContain("leave connection at ready");
    const start = tenant.org.systemLog.length;
    await expect(tenant.up({ pushGroups: JSON.stringify(["Developers", "Designers"]) })).rejects.toThrow(
      "does not provision yet",
    );
    expect(lossesSince(start)).toEqual([]);
  });
});

describe("a tenant of the catalogue app, on somebody else's directory", () => {
  it("needs no AWS resource, follows the same steps, and on destroy empties the directory before the app goes", async () => {
    const endpoint = { kind: "external", baseUrl: tenant.outputs["scimBaseUrl"], token: tenant.outputs["scimToken"] };
    const config = new Map([
      ["tenant", "guest"],
      ["endpoint", JSON.stringify(endpoint)],
      ["app", JSON.stringify({ label: "Guest", template: "scim2headerauth" })],
      ["attributeMapping", "true"],
      ["pushGroups", JSON.stringify([{ name: "Designers", targetName: "Design guild" }])],
    ]);
    const guest = await startTenant({ stack: "dev", config, port: 0 });
    try {
      const { resources } = await guest.engine.preview(guest.config);
      expect(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"))).toEqual([]);
      // The directory also has the people of the other org, who are not assigned here.
      expect(wrongSteps(await guest.verify())).toEqual([
        "Nobody is active in the directory without being assigned in Okta",
      ]);
      expect(guest.outputs["scimBaseUrl"]).toBe(tenant.outputs["scimBaseUrl"]);
      expect(guest.secretOutputs).toContain("scimToken");
      expect(await groupNames()).toContain("Design guild");

      // The label does not exist in the org when the features are read.
      await guest.up({ app: JSON.stringify({ label: "Renamed guest", template: "scim2headerauth" }) });
      const start = guest.org.exchanges.length;
      await guest.engine.destroy();
      await guest.org.idle();
      expect(await groupNames()).not.toContain("Design guild");
      const requests = guest.org.exchanges.slice(start);
      const removal = requests.findIndex(({ method }) => method === "DELETE");
      const deactivation = requests.findIndex(({ requestBody }) =>
        JSON.stringify(requestBody ?? "").includes('"active":false'),
      );
      expect(removal).toBeGreaterThanOrEqual(0);
      expect(deactivation).toBeGreaterThan(removal);
      expect(requests.filter(({ status }) => status < 200 || status > 299)).toEqual([]);
    } finally {
      await guest.close();
    }
  });
});
