import type { Tenant } from "../tenant/tenant.ts";
import type { Action } from "./action.ts";
import type { Deployments } from "./deployments.ts";
import { groups } from "./groupActions.ts";
import type { Context, Handlers, HandlersOf } from "./handlers.ts";
import { tokenOutput } from "./rotation.ts";
import { stack } from "./stackActions.ts";

const PAST = {
  activate: "activated",
  reactivate: "reactivated",
  deactivate: "deactivated",
  suspend: "suspended",
  unsuspend: "unsuspended",
} as const;

const people: HandlersOf<
  | "hire"
  | "changeProfile"
  | "moveBetweenGroups"
  | "addToGroup"
  | "removeFromGroup"
  | "setLifecycle"
  | "deleteUser"
  | "provisionUser"
> = {
  hire: ({ firstName, lastName, login, title, department, groupIds }, { admin }) => {
    const displayName = `${firstName} ${lastName}`;
    const more = { ...(title === "" ? {} : { title }), ...(department === "" ? {} : { department }) };
    admin.hire({ firstName, lastName, displayName, login, email: login, ...more }, groupIds);
    return `${displayName} was hired`;
  },
  changeProfile: ({ user, values }, { admin }) => {
    admin.changeProfile(
      user,
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === "" ? null : value])),
    );
    return "The profile was changed";
  },
  moveBetweenGroups: ({ user, from, to }, { admin }) => {
    admin.moveBetweenGroups(user, from, to);
    return "Moved to the other group";
  },
  addToGroup: ({ user, group }, { admin }) => {
    admin.addToGroup(user, group);
    return "Added to the group";
  },
  removeFromGroup: ({ user, group }, { admin }) => {
    admin.removeFromGroup(user, group);
    return "Removed from the group";
  },
  setLifecycle: ({ user, step }, { admin }) => {
    admin.setLifecycle(user, step);
    return `The person was ${PAST[step]}`;
  },
  deleteUser: ({ user }, { admin }) => {
    admin.deleteUser(user);
    return "The person was deleted; an active person is deactivated first";
  },
  provisionUser: ({ user }, { admin, appId }) => {
    admin.provisionUser(appId, user);
    return "Okta provisions the person now";
  },
};

const connection: HandlersOf<
  | "forceSync"
  | "importUsers"
  | "retryTask"
  | "breakNetwork"
  | "restoreNetwork"
  | "wipeConnection"
  | "doConsoleStep"
  | "changeToken"
> = {
  forceSync: (_asked, { admin, appId }) => {
    admin.forceSync(appId);
    return "Okta sends every provisioned person again";
  },
  importUsers: async (_asked, { admin, appId }) => {
    const { returned, scanned, users } = await admin.importUsers(appId);
    return `${returned} read, ${scanned} active, ${users.length} wait for a confirmation`;
  },
  retryTask: async ({ task }, { admin, tenant }) => {
    const { kind, subject } = admin.tasks().find(({ id }) => id === task) ?? { kind: "the task", subject: "" };
    admin.retryTask(task);
    await tenant.org.idle();
    const again = admin.tasks().find(({ id }) => id === task);
    if (again !== undefined) throw new Error(`Okta tried again and failed: ${again.message}`);
    return `Okta tried again and succeeded: ${kind} ${subject}`.trim();
  },
  breakNetwork: ({ seconds }, { admin }) => {
    admin.breakNetwork(seconds * 1000);
    return `Okta reaches no SCIM service for ${seconds} seconds`;
  },
  restoreNetwork: (_asked, { admin }) => {
    admin.restoreNetwork();
    return "Okta reaches the SCIM service again";
  },
  wipeConnection: (_asked, { admin, appId }) => {
    admin.disconnect(appId);
    return "The SCIM connection is wiped: Okta sends nothing any more";
  },
  doConsoleStep: async (_asked, { tenant }) => {
    await tenant.doConsoleStep();
    return "The console step is done and the connector test passed";
  },
  changeToken: async (_asked, { admin, tenant, appId }) => {
    const { ok, message } = await admin.changeToken(appId, String(tenant.outputs[tokenOutput(tenant)]));
    if (!ok) throw new Error(`Okta's connector test failed: ${message}`);
    return "Okta uses the new token; the connector test passed";
  },
};

const handlers: Handlers = { ...people, ...groups, ...connection, ...stack };

/**
 * Does what a person would do in the Admin Console or with `pulumi up`.
 * @returns a sentence that says what happened
 * @throws ApiError in Okta's words, DeploymentError as `pulumi up` prints it
 */
export async function run(asked: Action, tenant: Tenant, deployments: Deployments): Promise<string> {
  const context = { admin: tenant.org.admin, tenant, deployments, appId: String(tenant.outputs["oktaAppId"]) };
  return call(asked.action, asked, context);
}

function call<Name extends Action["action"]>(
  name: Name,
  asked: Extract<Action, { action: Name }>,
  context: Context,
): string | Promise<string> {
  return handlers[name](asked, context);
}
