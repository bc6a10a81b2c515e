import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startConsole, type ConsolePage } from "../../../sandbox/console/server.ts";
import { startTenant, type Tenant } from "../../../sandbox/tenant/tenant.ts";
import { asking } from "../../support/sandbox/console/support.ts";

let tenant: Tenant;
let page: ConsolePage;

beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0 });
  page = await startConsole(tenant);
});
afterAll(async () => {
  await page.close();
  await tenant.close();
});

const { ask, act, post } = asking(() => page.url);
const found = z.object({
  items: z.array(z.object({ subject: z.string(), difference: z.string(), way: z.looseObject({ kind: z.string() }) })),
  commands: z.array(z.string()),
  forgets: z.number(),
  failed: z.array(z.string()),
});
const drift = async () => found.parse(JSON.parse((await ask("/api/drift")).text));
/** `subject: difference (way)`, sorted. */
const told = async (): Promise<string[]> =>
  (await drift()).items.map(({ subject, difference, way }) => `${subject}: ${difference} (${way.kind})`).sort();
async function does(asked: object): Promise<void> {
  const { status, text } = await act(asked);
  expect([status, text]).toEqual([200, expect.any(String)]);
}
const appId = (): string => String(tenant.outputs["oktaAppId"]);
function group(name: string) {
  const one = tenant.org.view.groups({ search: name, start: 0, count: 1 }, appId()).items[0];
  if (one === undefined) throw new Error(`no group ${name}`);
  return one;
}
function rule(name: string) {
  const one = tenant.org.view.rules({ search: name, start: 0, count: 1 }).items[0];
  if (one === undefined) throw new Error(`no rule ${name}`);
  return one;
}
const mapping = (name: string): string => group(name).push?.id ?? "";
const repair = () => does({ action: "repairDrift" });

it("names nothing after a deployment, and not what belongs to the administrator", async () => {
  expect(await drift()).toEqual({ items: [], commands: [], forgets: 0, failed: [] });
  await does({ action: "createGroup", name: "Sales" });
  await does({
    action: "addRule",
    name: "Sellers",
    expression: 'user.department == "Sales"',
    group: group("Sales").id,
  });
  await does({ action: "forceSync" });
  expect(await told()).toEqual([]);
});

it("names pushes and rules that were switched off, changed or removed by hand; one deployment puts all right", async () => {
  const [developers, designers] = [rule("Developers").name, rule("Designers").name];
  await does({ action: "unlinkGroup", mapping: mapping("Developers"), deleteTargetGroup: false });
  await does({ action: "setPushStatus", mapping: mapping("Designers"), status: "INACTIVE" });
  await does({ action: "removeRule", rule: rule("Developers").id, removeUsers: false });
  const { id } = rule("Designers");
  await does({ action: "setRuleStatus", rule: id, status: "INACTIVE" });
  await does({ action: "changeRule", rule: id, name: designers, expression: 'user.title == "Designer"' });
  const differences = await told();
  expect(differences).toEqual([
    "The push of Designers: deactivated by hand (refresh)",
    "The push of Developers: unlinked by hand: it is in the configuration, and Okta has no mapping for it (refresh)",
    expect.stringMatching(
      /^The rule dev: Designers .*: (?=.*deactivated by hand)(?=.*expression changed by hand: "user.title).*\(refresh\)$/,
    ),
    `The rule ${developers}: deleted by hand (refresh)`,
  ]);
  expect((await drift()).commands).toEqual([
    expect.stringMatching(/^pulumi state delete --stack dev 'urn:pulumi:dev::.*PushGroup::.*'$/),
    "pulumi up --refresh --stack dev",
  ]);
  const failed = await act({ action: "deployAgain", refresh: true });
  expect([failed.status, failed.text]).toEqual([409, expect.stringContaining("404 Not Found")]);
  expect(await told()).toEqual(differences);
  await repair();
  expect(await drift()).toEqual({ items: [], commands: [], forgets: 0, failed: [] });
  expect(group("Developers").push?.status).toBe("ACTIVE");
  expect(group("Designers").push?.status).toBe("ACTIVE");
  expect(rule("Designers").status).toBe("ACTIVE");
});

it("names assignment, groups and app that were changed by hand; one deployment puts all right", async () => {
  const app = new URL(`/api/v1/apps/${appId()}`, tenant.org.url);
  const headers = { authorization: `SSWS ${tenant.org.apiToken}`, "content-type": "application/json" };
  const before = z.looseObject({ label: z.string() }).parse(await (await fetch(app, { headers })).json());
  await fetch(app, { method: "PUT", headers, body: JSON.stringify({ ...before, label: "Renamed" }) });
  const { id } = group("iru_endpoint_users");
  await does({ action: "unassignGroup", group: id });
  await does({ action: "renameGroup", group: id, name: "everyone_else" });
  // A declared group that is pushed again by hand has another mapping.
  await does({ action: "unlinkGroup", mapping: mapping("Developers"), deleteTargetGroup: false });
  await does({ action: "linkGroup", name: "Developers" });
  expect(await told()).toEqual([
    'The app Iru Endpoint SCIM (dev): label changed by hand: "Renamed" instead of "Iru Endpoint SCIM (dev)" (refresh)',
    "The assignment of everyone_else: removed by hand (refresh)",
    'The group iru_endpoint_users: renamed by hand to "everyone_else" (refresh)',
    "The push of Developers: unlinked by hand: it is in the configuration, and Okta has no mapping for it (refresh)",
  ]);
  await repair();
  expect(await told()).toEqual([]);
  expect(group("iru_endpoint_users")).toMatchObject({ id, assigned: true });
});

it("names the deleted assignment group with all that it took along; one deployment makes it again", async () => {
  await does({ action: "deleteGroup", group: group("iru_endpoint_users").id });
  expect((await told()).map((text) => text.replace(/ dev: \w+ #.*?:/, ":"))).toEqual([
    "The assignment of iru_endpoint_users: removed by hand (refresh)",
    "The group iru_endpoint_users: deleted by hand (refresh)",
    "The rule: invalid, because its group was deleted by hand (refresh)",
    "The rule: invalid, because its group was deleted by hand (refresh)",
  ]);
  await repair();
  await tenant.org.idle();
  expect(await told()).toEqual([]);
  expect(group("iru_endpoint_users")).toMatchObject({ assigned: true });
  expect((await tenant.verify()).filter(({ state }) => state === "wrong")).toEqual([]);
});

it("names what only the configuration or the administrator can put right, with the way to do it", async () => {
  await does({ action: "renameGroup", group: group("Designers").id, name: "Design" });
  await does({ action: "linkGroup", name: "Sales" });
  await does({ action: "assignGroup", group: group("Sales").id });
  await does({ action: "createGroup", name: "Finland" });
  await does({ action: "addPushRule", name: "Fin", match: "startsWith", text: "Fin" });
  await does({
    ...{ action: "addRule", name: "More users", expression: 'user.department == "Legal"' },
    group: group("iru_endpoint_users").id,
  });
  await tenant.org.idle();
  expect(await told()).toEqual([
    "The assignment of Sales: made by hand: the configuration assigns only the assignment group (unassignGroup)",
    'The group Designers: renamed by hand to "Design" (declareName)',
    "The push of Sales: made by hand: not in the configuration (declarePush)",
    "The push rule Fin: made by hand: not in the configuration (declareRule)",
    "The rule More users: made by hand: it fills the assignment group, and the configuration does not declare it (removeRule)",
  ]);
  const { items } = z
    .object({ items: z.array(z.object({ name: z.string(), drift: z.string().optional() })) })
    .parse(JSON.parse((await ask("/api/org/pushedGroups?search=Fin")).text));
  expect(items).toEqual([
    expect.objectContaining({ name: "Finance", drift: "made by hand: not in the configuration" }),
    expect.objectContaining({ name: "Finland", drift: "made by hand: not in the configuration" }),
  ]);
  await does({ action: "unassignGroup", group: group("Sales").id });
  await does({ action: "removeRule", rule: rule("More users").id, removeUsers: true });
  await does({ action: "declareName", label: "Designers", name: "Design" });
  const pushRule = tenant.org.admin.pushRules(appId())[0];
  await does({ action: "declareRule", rule: pushRule?.id });
  await does({ action: "declarePush", mapping: mapping("Sales") });
  expect(await told()).toEqual([]);
  expect(tenant.config.values["okta-scim-directory:pushGroups"]).toBe(
    '["Developers","Design",{"startsWith":"Fin"},"Sales"]',
  );
});

it("leads to Unlink and not to a declaration if the assignment group is pushed, alone or by a rule", async () => {
  const { id } = group("iru_endpoint_users");
  const refusal = await act({ action: "linkGroup", name: "IRU_endpoint_users" });
  expect([refusal.status, refusal.text]).toEqual([
    409,
    expect.stringContaining("iru_endpoint_users is the assignment group; Okta does not support pushing it."),
  ]);
  tenant.org.admin.linkGroup(appId(), id);
  expect(await told()).toEqual([
    "The push of iru_endpoint_users: made by hand: it is the assignment group, which Okta does not support pushing (unlinkGroup)",
  ]);
  await does({ action: "unlinkGroup", mapping: mapping("iru_endpoint_users"), deleteTargetGroup: true });
  await does({ action: "addPushRule", name: "All of Iru", match: "contains", text: "Endpoint" });
  await tenant.org.idle();
  expect(await told()).toEqual([
    "The push of iru_endpoint_users: made by hand: it is the assignment group, which Okta does not support pushing (unlinkGroup)",
    "The push rule All of Iru: made by hand: it matches the assignment group, which Okta does not support pushing (removePushRule)",
  ]);
  await does({ action: "removePushRule", rule: tenant.org.admin.pushRules(appId())[0]?.id });
  await does({ action: "unlinkGroup", mapping: mapping("iru_endpoint_users"), deleteTargetGroup: true });
  expect(await told()).toEqual([]);
});

it("names a pushed group that was deleted, whose entry a deployment removes, and a wiped connection", async () => {
  await does({ action: "deleteGroup", group: group("Sales").id });
  expect(await told()).toEqual(["The group Sales: deleted by hand in Okta (removeDeleted)"]);
  await does({ action: "removeDeleted" });
  expect(await told()).toEqual([]);
  await does({ action: "wipeConnection" });
  expect(await told()).toEqual([
    "Provisioning of the app: switched off by hand: Okta has no base URL and no token (consoleStep)",
  ]);
  await does({ action: "doConsoleStep" });
  expect(await told()).toEqual([]);
});

const pushGroups = (): string | undefined => tenant.config.values["okta-scim-directory:pushGroups"];
const question = async (asked: object): Promise<string> => (await post("/api/question", asked)).text;

it("puts deleted groups right together with a renamed one, and with one that a pattern matched", async () => {
  for (const name of ["Developers", "Finland"]) await does({ action: "deleteGroup", group: group(name).id });
  await does({ action: "renameGroup", group: group("Design").id, name: "Drawers" });
  await tenant.org.idle();
  expect(await told()).toEqual([
    'The group Design: renamed by hand to "Drawers" (declareName)',
    "The group Developers: deleted by hand in Okta (removeDeleted)",
    "The group Finland: deleted by hand in Okta (endPush)",
  ]);
  const refused = await act({ action: "deployAgain" });
  expect([refused.status, refused.text]).toEqual([
    409,
    expect.stringMatching(/the group \\"Developers\\" \(00g\w+\), which this stack pushes, was deleted in Okta/),
  ]);
  expect(refused.text).not.toContain("APP_GROUP");
  const renames = { action: "declareName", label: "Design", name: "Drawers" };
  expect(await question(renames)).toContain("Stop pushing Developers and Finland?");
  await does(renames);
  expect(await told()).toEqual([]);
  expect(pushGroups()).toBe('["Drawers",{"startsWith":"Fin"}]');
});

it("removes several deleted groups at once, also after a refresh wrote their failed pushes into the state", async () => {
  for (const name of ["Alpha", "Beta", "Gamma"]) await does({ action: "createGroup", name });
  const names = '["Drawers","Alpha","Beta",{"name":"Gamma","keepTargetOnDelete":true}]';
  await does({ action: "configure", key: "pushGroups", value: names });
  await tenant.org.idle();
  for (const name of ["Alpha", "Beta", "Gamma"]) await does({ action: "deleteGroup", group: group(name).id });
  await tenant.org.idle();
  const refused = await act({ action: "deployAgain", refresh: true });
  expect([refused.status, refused.text]).toEqual([
    409,
    expect.stringMatching(
      /^.{1,12}3 push mappings in status ERROR: .*\\"Beta\\": unlink it on the Push Groups tab, leave the group in the target app, and run \\"pulumi state delete --stack dev 'urn:pulumi:dev::.*'\\"/,
    ),
  ]);
  expect((await told()).filter((text) => text.startsWith("The push of"))).toEqual(
    ["Alpha", "Beta", "Gamma"].map(
      (name) => expect.stringContaining(`The push of ${name}: failed, and a refresh`) as string,
    ),
  );
  const asked = { action: "removeDeleted" };
  expect(await question(asked)).toMatch(
    /Stop pushing Alpha, Beta and Gamma\?.*Alpha and Beta are deleted\. In the directory Gamma stays/,
  );
  await does(asked);
  await tenant.org.idle();
  expect(await told()).toEqual([]);
  expect(pushGroups()).toBe('["Drawers"]');
  const { text } = await ask("/api/directory/groups");
  expect(["Alpha", "Beta", "Gamma", "Drawers"].filter((name) => text.includes(`"${name}"`))).toEqual([
    "Gamma",
    "Drawers",
  ]);
});

it("pushes a group again whose failure a refresh wrote into the state, and makes a deleted group of the stack again", async () => {
  const made = '["Drawers",{"name":"Made","create":true}]';
  await does({ action: "configure", key: "pushGroups", value: made });
  await tenant.org.idle();
  await does({ action: "breakNetwork", seconds: 3600 });
  const people = tenant.org.view.people({ search: "", start: 0, count: 1, groupId: group("Drawers").id }, appId());
  await does({ action: "removeFromGroup", user: people.items[0]?.id, group: group("Drawers").id });
  await tenant.org.idle();
  await does({ action: "restoreNetwork" });
  expect(group("Drawers").push?.status).toBe("ERROR");
  expect(await drift()).toMatchObject({ items: [], failed: ["Drawers"] });
  const refused = await act({ action: "deployAgain", refresh: true });
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("A push mapping in status ERROR")]);
  expect((await drift()).commands).toEqual([
    "# Push Groups tab: unlink Drawers, leave its group in the target app",
    expect.stringMatching(/^pulumi state delete --stack dev 'urn:.*'$/),
    "pulumi up --refresh --stack dev",
  ]);
  await does({ action: "deleteGroup", group: group("Made").id });
  await repair();
  await tenant.org.idle();
  expect(await drift()).toEqual({ items: [], commands: [], forgets: 0, failed: [] });
  expect([group("Drawers").push?.status, group("Made").push?.status]).toEqual(["ACTIVE", "ACTIVE"]);
  for (const { id } of tenant.org.admin.tasks()) await does({ action: "retryTask", task: id });
  expect((await tenant.verify()).filter(({ state }) => state === "wrong")).toEqual([]);
});
