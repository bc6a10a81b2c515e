import type { Tenant } from "../tenant/tenant.ts";
import type { Action } from "./action.ts";
import type { Subject } from "./story.ts";
import type { Happening } from "./happening.ts";

/** The states of a person or a group in Okta, for the head of its story. */
export interface SubjectView {
  readonly name: string;
  /** In words. */
  readonly state: string;
  /** Whether Okta still has the subject. */
  readonly isInOkta: boolean;
}

/** @returns undefined if the org has no such subject; it may have had one */
export function viewSubject({ org, outputs }: Tenant, { type, id }: Subject): SubjectView | undefined {
  const appId = String(outputs["oktaAppId"]);
  if (type === "group") {
    const group = org.view.group(id, appId);
    if (group === undefined) return undefined;
    const { name, members, push } = group;
    const pushed = push === undefined ? "not pushed" : `pushed as “${push.target}”: ${push.status.toLowerCase()}`;
    return { name, state: `${members} ${members === 1 ? "member" : "members"} in Okta · ${pushed}`, isInOkta: true };
  }
  const person = org.view.person(id, appId);
  if (person === undefined) return undefined;
  const { name, login, status, assignment } = person;
  return { name, state: `${login} · ${status.toLowerCase()} · ${ASSIGNMENTS[assignment]}`, isInOkta: true };
}

const ASSIGNMENTS = {
  none: "not assigned to the app",
  held: "assigned, not created in the directory",
  waiting: "waits for provisioning",
  provisioned: "provisioned",
  failed: "provisioning failed",
} as const;

/** The head of the story of a subject that is no longer in Okta. @param name the last one that it had */
export const goneSubject = (name: string): SubjectView => ({
  name,
  state: "deleted, no longer in Okta",
  isInOkta: false,
});

/**
 * The groups that an act in the Admin Console concerns, if Okta's System Log has no event for it; undefined for an act
 * that has one.
 */
export function silentTargets(asked: Action, { org, outputs }: Tenant): Happening["targets"] | undefined {
  if (!SILENT.has(asked.action)) return undefined;
  const appId = String(outputs["oktaAppId"]);
  const pushed = "mapping" in asked ? org.view.pushedBy(asked.mapping, appId) : undefined;
  const group = "group" in asked ? org.view.group(asked.group, appId) : pushed;
  return group === undefined ? [] : [{ type: "group", id: group.id, name: group.name }];
}

const SILENT: ReadonlySet<Action["action"]> = new Set([
  ...(["pushNow", "unlinkGroup", "setPushStatus", "forceSync", "importUsers", "retryTask"] as const),
  ...(["breakNetwork", "restoreNetwork", "wipeConnection", "doConsoleStep", "changeToken"] as const),
  ...(["assignGroup", "unassignGroup"] as const),
]);
