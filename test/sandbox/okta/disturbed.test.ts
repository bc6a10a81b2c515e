import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cloud } from "../../../sandbox/aws/index.ts";
import { startTestCloud } from "../../support/sandbox/aws/stack.ts";
import {
  disturbances,
  seeded,
  startDisturbingProxy,
  type DisturbingProxy,
} from "../../support/sandbox/okta/disturbance.ts";
import { bundledCode, startService, type Service } from "../../support/sandbox/okta/realService.ts";
import {
  asList,
  asRecord,
  at,
  catalogueApp,
  connect,
  person,
  samlApp,
  startTestOrg,
  type TestOrg,
} from "../../support/sandbox/okta/support.ts";

let code: Awaited<ReturnType<typeof bundledCode>>;
beforeAll(async () => {
  code = await bundledCode();
});
const clouds: Cloud[] = [];
afterAll(async () => {
  for (const cloud of clouds) await cloud.close();
});

const PEOPLE = Array.from({ length: 12 }, (_, index) => `P${index}`);
const TEAMS = ["Red", "Green", "Blue"];

interface World {
  readonly org: TestOrg;
  readonly service: Service;
  readonly proxy: DisturbingProxy;
  readonly appId: string;
  readonly mappings: string;
  readonly assignment: string;
  /** Team → group id. */
  readonly teams: Map<string, string>;
}

async function startWorld(kind: "custom" | "catalogue", random: () => number): Promise<World> {
  const cloud = await startTestCloud();
  clouds.push(cloud);
  const service = await startService(cloud, code);
  const proxy = await startDisturbingProxy(service.baseUrl, random);
  const org = await startTestOrg();
  const appId = await org.make("POST", "/apps", kind === "custom" ? samlApp("Directory") : catalogueApp("Directory"));
  await connect(org, appId, proxy.baseUrl);
  const group = (name: string): Promise<string> => org.make("POST", "/groups", { profile: { name } });
  const assignment = await group("directory-users");
  await org.api("PUT", `/apps/${appId}/groups/${assignment}`, {});
  const teams = new Map<string, string>();
  for (const name of TEAMS) teams.set(name, await group(name));
  return { org, service, proxy, appId, mappings: `/apps/${appId}/group-push/mappings`, assignment, teams };
}

const loginOf = (name: string): string => `${name.toLowerCase()}@example.com`;

/** One random everyday change; a change that Okta refuses at that moment is skipped. */
function change({ org, assignment, teams }: World, random: () => number): void {
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const login = loginOf(pick(PEOPLE));
  const team = pick([...teams.values()]);
  const { admin } = org;
  const changes = [
    (): void => admin.changeProfile(login, { title: `Title ${Math.floor(random() * 1000)}` }),
    (): void => admin.changeProfile(login, { title: null, firstName: `Name${Math.floor(random() * 1000)}` }),
    (): void => admin.addToGroup(login, team),
    (): void => admin.removeFromGroup(login, team),
    (): void => admin.addToGroup(login, assignment),
    (): void => admin.removeFromGroup(login, assignment),
    (): void => admin.setLifecycle(login, "deactivate"),
    (): void => admin.setLifecycle(login, "activate"),
    (): void => admin.renameGroup(team, `Team ${Math.floor(random() * 1000)}`),
  ];
  try {
    pick(changes)();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

/** Everyone who is assigned, by the Management API. */
async function appUsers({
  org,
  appId,
}: World): Promise<Map<string, { readonly state: string; readonly scimId: unknown }>> {
  const { body } = await org.api("GET", `/apps/${appId}/users?limit=500`);
  return new Map(
    asList(body).map((one) => [at(one, "id"), { state: at(one, "syncState"), scimId: asRecord(one)["externalId"] }]),
  );
}

/** Name and members, as SCIM ids, of each group that Okta believes it pushed. */
async function pushedGroups(world: World): Promise<Map<string, string[]>> {
  const users = await appUsers(world);
  const result = new Map<string, string[]>();
  const { body } = await world.org.api("GET", world.mappings);
  for (const mapping of asList(body)) {
    if (at(mapping, "status") !== "ACTIVE") continue;
    const target = at(mapping, "targetGroupId");
    const name = at((await world.org.api("GET", `/groups/${target}`)).body, "profile", "name");
    const members = asList((await world.org.api("GET", `/groups/${target}/users`)).body);
    result.set(name, members.map((member) => String(users.get(at(member, "id"))?.scimId)).sort());
  }
  return result;
}

/** People whose last provisioning failed, by the System Log. */
function failedPeople({ org }: World): Set<string> {
  const last = new Map<string, string>();
  for (const { eventType, outcome, target } of org.systemLog) {
    const login = target.find(({ type }) => type === "User")?.displayName;
    if (eventType.startsWith("application.provision.user") && login !== undefined) last.set(login, outcome.result);
  }
  return new Set([...last].filter(([, result]) => result === "FAILURE").map(([login]) => login));
}

/** The directory matches Okta's state, except for people with a visible failure. */
async function expectBelief(world: World): Promise<void> {
  const { org, service } = world;
  const failed = failedPeople(world);
  const assigned = await appUsers(world);
  const people = await service.people();
  for (const one of people) {
    if (failed.has(one.userName)) continue;
    const user = (await org.api("GET", `/users/${one.externalId}`)).body;
    const title = asRecord(asRecord(user)["profile"])["title"];
    const appUser = assigned.get(one.externalId);
    const wanted = { userName: at(user, "profile", "login"), active: appUser !== undefined };
    expect(one).toMatchObject(wanted);
    if (appUser === undefined) continue;
    expect(appUser).toEqual({ state: "SYNCHRONIZED", scimId: one.id });
    expect([one.title, one.givenName]).toEqual([title, at(user, "profile", "firstName")]);
  }
  const known = new Set(people.map(({ externalId }) => externalId));
  for (const [id, { state }] of assigned) {
    const login = at((await org.api("GET", `/users/${id}`)).body, "profile", "login");
    if (!failed.has(login)) expect([login, state, known.has(id)]).toEqual([login, "SYNCHRONIZED", true]);
  }
  const groups = await service.groups();
  for (const [name, members] of await pushedGroups(world)) expect([name, groups.get(name)]).toEqual([name, members]);
}

/**
 * A 429 is retried at once because of its Retry-After; nothing else is retried automatically.
 * @param exchanges those between two actions of the administrator, who may retry the job that was the last one
 */
function expectRetries(exchanges: World["org"]["exchanges"]): void {
  const sent = exchanges.map(({ method, url, requestBody, status }) => ({
    what: JSON.stringify([method, url, requestBody]),
    status,
  }));
  sent.forEach(({ what, status }, index) => {
    const next = sent[index + 1];
    if (status === 429) expect(next?.what).toBe(what);
    else if (status >= 400 || status === 0) expect(next?.what).not.toBe(what);
  });
}

describe.each([
  ["custom", 1],
  ["catalogue", 2],
] as const)("behind a proxy that disturbs the real service (%s app, seed %i)", (kind, seed) => {
  test("Okta and the directory agree except for the tasks, and completely after those are retried", async () => {
    const random = seeded(seed);
    const world = await startWorld(kind, seeded(seed + 1000));
    const { org, proxy, teams, assignment, mappings, service } = world;
    proxy.share = 0.2;
    const teamIds = [...teams.values()];
    PEOPLE.forEach((name, index) => {
      org.admin.hire(person(name, { title: "Newcomer" }), [assignment, teamIds[index % teamIds.length] ?? assignment]);
    });
    for (const [name, id] of teams) await org.make("POST", mappings, { sourceGroupId: id, targetGroupName: name });
    await org.idle();
    expectRetries(org.exchanges);
    await expectBelief(world);
    for (let round = 0; round < 10; round += 1) {
      const before = org.exchanges.length;
      for (const { id } of org.admin.tasks()) if (random() < 0.5) org.admin.retryTask(id);
      for (let step = 0; step < 6; step += 1) change(world, random);
      await org.idle();
      expectRetries(org.exchanges.slice(before));
      await expectBelief(world);
    }
    for (const disturbance of disturbances) expect([disturbance, proxy.done.get(disturbance)]).not.toContain(undefined);
    const log = org.systemLog
      .filter(({ outcome }) => outcome.result === "FAILURE")
      .map(({ outcome }) => outcome.reason);
    expect(log.length).toBeGreaterThan(0);
    for (const { message } of org.admin.tasks()) expect(log).toContain(message);

    proxy.share = 0;
    for (const { id } of org.admin.tasks()) org.admin.retryTask(id);
    await org.idle();
    expect(org.admin.tasks()).toEqual([]);
    await expectBelief(world);
    const pushed = await pushedGroups(world);
    expect(pushed.size).toBe(TEAMS.length);
    expect(await service.groups()).toEqual(pushed);
  });
});
