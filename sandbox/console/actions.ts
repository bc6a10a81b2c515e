import type { Tenant } from "../tenant/tenant.ts";
import type { Action } from "./action.ts";
import { checkIdle } from "./deploy.ts";
import type { Deployments } from "./deployments.ts";
import { drift } from "./driftActions.ts";
import { groups } from "./groupActions.ts";
import type { Context, Handlers, HandlersOf } from "./handlers.ts";
import { refuseIf } from "./nothingToDo.ts";
import { readRotation, tokenOutput } from "./rotation.ts";
import { stack } from "./stackActions.ts";

const PAST = {
  activate: "activated",
  reactivate: "reactivated",
  deactivate: "deactivated",
  suspend: "suspended",
  unsuspend: "unsuspended",
} as const;

const OFF = "Provisioning is off, so Okta sends nothing";

const isConnected = ({ org }: Tenant, appId: string): boolean => org.view.app(appId)?.connected === true;

/** Whether the person is in the group; undefined if the org does not have the person. */
const isMember = ({ tenant, appId }: Context, user: string, group: string): boolean | undefined =>
  tenant.org.view.person(user, appId)?.groups.some(({ id }) => id === group);

/** Whether the profile has all these values; an attribute without a value counts as empty. */
function hasValues({ tenant }: Context, user: string, values: Readonly<Record<string, string>>): boolean {
  const profile = tenant.org.view.profile(user);
  return profile !== undefined && Object.entries(values).every(([name, value]) => (profile[name] ?? "") === value);
}

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
  changeProfile: ({ user, values }, context) => {
    refuseIf(hasValues(context, user, values), "The profile has these values already");
    context.admin.changeProfile(
      user,
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === "" ? null : value])),
    );
    return "The profile was changed";
  },
  moveBetweenGroups: ({ user, from, to }, context) => {
    refuseIf(isMember(context, user, from) === false, "The person is no longer in the group to move from");
    refuseIf(from === to, "The person is in the group already");
    context.admin.moveBetweenGroups(user, from, to);
    return "Moved to the other group";
  },
  addToGroup: ({ user, group }, context) => {
    refuseIf(isMember(context, user, group) === true, "The person is in the group already");
    context.admin.addToGroup(user, group);
    return "Added to the group";
  },
  removeFromGroup: ({ user, group }, context) => {
    refuseIf(isMember(context, user, group) === false, "The person is no longer in the group");
    context.admin.removeFromGroup(user, group);
    return "Removed from the group";
  },
  setLifecycle: ({ user, step }, { admin }) => {
    admin.setLifecycle(user, step);
    return `The person was ${PAST[step]}`;
  },
  deleteUser: ({ user }, { admin, tenant, appId }) => {
    admin.deleteUser(user);
    return tenant.org.view.person(user, appId) === undefined
      ? "The person was deleted"
      : "The person was active, so Okta has deactivated them; delete them again";
  },
  provisionUser: ({ user }, { admin, appId, tenant }) => {
    refuseIf(!isConnected(tenant, appId), OFF);
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
  forceSync: (_asked, { admin, appId, tenant }) => {
    refuseIf(!isConnected(tenant, appId), OFF);
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
    refuseIf(admin.networkUp, "Okta reaches the SCIM service already");
    admin.restoreNetwork();
    return "Okta reaches the SCIM service again";
  },
  wipeConnection: (_asked, { admin, appId, tenant }) => {
    refuseIf(!isConnected(tenant, appId), "The SCIM connection is wiped already");
    admin.disconnect(appId);
    return "The SCIM connection is wiped: Okta sends nothing any more";
  },
  doConsoleStep: async (_asked, { tenant }) => {
    await tenant.doConsoleStep();
    return "The console step is done and the connector test passed";
  },
  changeToken: async (_asked, { admin, tenant, deployments, appId }) => {
    refuseIf(readRotation(tenant, deployments).okta.state === "newest", "Okta has the newest token already");
    const { ok, message } = await admin.changeToken(appId, String(tenant.outputs[tokenOutput(tenant)]));
    if (!ok) throw new Error(`Okta's connector test failed: ${message}`);
    return "Okta uses the new token; the connector test passed";
  },
};

const handlers: Handlers = { ...people, ...groups, ...connection, ...stack, ...drift };

const deploying = new Set<string>([...Object.keys(stack), ...Object.keys(drift)]);
for (const other of ["acknowledge", "dismissDeployment"] satisfies Action["action"][]) deploying.delete(other);

/** Keeps a deployment that cannot begin in view, as one that failed. @throws FailedDeployment if the file cannot be read */
async function checkFile({ action }: Action, tenant: Tenant, deployments: Deployments): Promise<void> {
  if (!deploying.has(action)) return;
  checkIdle(deployments);
  const title = action === "deployReady" ? "connection: ready" : "Deploy";
  await tenant.readLayers().catch((reason: unknown) => deployments.refuse({ title, startedBy: "page" }, reason));
}

/**
 * Does what a person would do in the Admin Console or with `pulumi up`.
 * @returns a sentence that says what happened
 * @throws ApiError in Okta's words, DeploymentError as `pulumi up` prints it
 */
export async function run(asked: Action, tenant: Tenant, deployments: Deployments): Promise<string> {
  const context = { admin: tenant.org.admin, tenant, deployments, appId: String(tenant.outputs["oktaAppId"]) };
  await checkFile(asked, tenant, deployments);
  return call(asked.action, asked, context);
}

function call<Name extends Action["action"]>(
  name: Name,
  asked: Extract<Action, { action: Name }>,
  context: Context,
): string | Promise<string> {
  return handlers[name](asked, context);
}
