import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { adoptApp, type AdoptRequest, type AdoptResult } from "../../../operations/adopt/adoptApp.ts";
import { oktaOrg } from "../../../operations/live/oktaOrg.ts";
import { startScene, type Scene, type SceneOptions } from "../sandbox/okta/scene.ts";
import { connect, person } from "../sandbox/okta/support.ts";

export const baseUrl = "https://accuhive.api.kandji.io/api/v1/scim";

/** A folder with a project file and no stacks, a new one for each test of the file. */
export function useProject(): { readonly root: string } {
  const project = { root: "" };
  beforeEach(async () => {
    project.root = await mkdtemp(join(tmpdir(), "adopt-"));
    await writeFile(join(project.root, "Pulumi.yaml"), "name: okta-scim-directory\nruntime: nodejs\n");
  });
  afterEach(() => rm(project.root, { recursive: true }));
  return project;
}

/** Adopts the scene's app as the stack `acme`, without reading the directory. */
export async function adoptIn(
  root: string,
  { org, appId }: Scene,
  more: Partial<AdoptRequest> = {},
): Promise<AdoptResult> {
  await org.idle();
  const request = {
    stack: "acme",
    appId,
    baseUrl,
    token: undefined,
    assignmentGroup: undefined,
    root,
    write: false,
    ...more,
  };
  return adoptApp(oktaOrg({ orgUrl: org.url, token: org.apiToken }), request, () => undefined);
}

/**
 * An integration as the article makes it: one assigned group, one pushed group whose members are assigned too.
 * @param people given names of the members
 */
export async function handMade({
  people = ["Ada"],
  ...options
}: SceneOptions & { readonly people?: readonly string[] } = {}): Promise<Scene & { team: string; mapping: string }> {
  const it = await startScene({ connected: false, ...options });
  await connect(it.org, it.appId, it.scim.baseUrl, {
    actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true, importUsers: false },
  });
  const team = await it.group("Team");
  for (const name of people) it.org.admin.hire(person(name), [it.assignment, team]);
  await it.org.idle();
  const mapping = await it.push(team, "Team");
  await it.org.idle();
  return { ...it, team, mapping };
}

/** A rule of the administrator's own that fills the group. */
export async function ruleInto({ org }: Scene, group: string, active = true): Promise<void> {
  const rule = await org.make("POST", "/groups/rules", {
    type: "group_rule",
    name: "Everyone at work",
    conditions: { expression: { type: "urn:okta:expression:1.0", value: 'user.title == "x"' } },
    actions: { assignUserToGroups: { groupIds: [group] } },
  });
  if (active) await org.api("POST", `/groups/rules/${rule}/lifecycle/activate`);
}

export const stops = ({ adoption }: AdoptResult): string[] =>
  adoption.obstacles.filter((obstacle) => obstacle.stops).map(({ what }) => what);
export const notes = ({ adoption }: AdoptResult): string[] =>
  adoption.obstacles.filter((obstacle) => !obstacle.stops).map(({ what }) => what);
export const configOf = ({ adoption }: AdoptResult, key: string): unknown =>
  adoption.config[`okta-scim-directory:${key}`];
