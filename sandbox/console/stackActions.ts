import { BadRequest } from "./badRequest.ts";
import { acknowledge, withReceiver } from "./changeEvents.ts";
import { checkEdit, withPush, withoutEntry } from "./configuration.ts";
import type { Action } from "./action.ts";
import type { DeploymentRequest, Deployments, Edit } from "./deployments.ts";
import type { HandlersOf } from "./handlers.ts";
import { unlinkedMappings } from "./pushGroups.ts";
import type { Question } from "./question.ts";
import { readRotation, tokenQuestion } from "./rotation.ts";
import type { Tenant } from "../tenant/tenant.ts";

/** Deployments from the page do not queue: a second one starts only after the person has seen how the first ended. */
function checkIdle(deployments: Deployments): void {
  if (deployments.running)
    throw new BadRequest(409, "A deployment is running. Wait until it has ended, then try again.");
}

async function deploy(deployments: Deployments, request: Omit<DeploymentRequest, "startedBy">): Promise<void> {
  checkIdle(deployments);
  await deployments.up({ startedBy: "page", ...request });
}

const nextToken = (deployments: Deployments): Edit => ({
  set: { tokenGeneration: String(deployments.tokenGeneration() + 1), acceptPreviousToken: "true" },
});
const dropPrevious: Edit = { set: { acceptPreviousToken: "false" } };

/** The change that an action makes to the generations of tokens, besides the one in the stack's file. */
function tokenEdit(asked: Action, deployments: Deployments): Edit {
  if (asked.action === "configure") return { set: { [asked.key]: asked.value } };
  if (asked.action === "useFile") return { unset: [asked.key] };
  if (asked.action === "rotateToken") return nextToken(deployments);
  return asked.action === "dropPreviousToken" ? dropPrevious : {};
}

/** The question that a person answers before a deployment; undefined if it ends nothing that is in use. */
export const questionOf = (asked: Action, tenant: Tenant, deployments: Deployments): Promise<Question | undefined> =>
  tokenQuestion(tenant, deployments, tokenEdit(asked, deployments));

export const stack: HandlersOf<
  | "deployReady"
  | "deployAgain"
  | "rotateToken"
  | "dropPreviousToken"
  | "configure"
  | "useFile"
  | "removeEntry"
  | "declarePush"
  | "repairPushes"
  | "dismissDeployment"
  | "addReceiver"
  | "acknowledge"
> = {
  deployReady: async (_asked, { deployments }) => {
    await deploy(deployments, { title: "connection: ready", set: { connection: "ready" } });
    return "Deployed with connection: ready";
  },
  deployAgain: async ({ refresh }, { deployments }) => {
    await deploy(deployments, { title: refresh ? "Deploy with refresh" : "Deploy", refresh });
    return "Deployed";
  },
  rotateToken: async (_asked, { deployments, tenant }) => {
    if (!deployments.isManaged())
      throw new Error(
        "This stack uses the token in endpoint.token and creates none; create a new one at the directory itself",
      );
    const { okta } = readRotation(tenant, deployments);
    if (okta.state === "earlier" || okta.state === "refused")
      throw new BadRequest(
        409,
        "Okta does not have the newest token, and the next generation may lock it out. Enter the newest token in Okta first.",
      );
    const tokenGeneration = deployments.tokenGeneration() + 1;
    await deploy(deployments, { title: `tokenGeneration: ${tokenGeneration}`, ...nextToken(deployments) });
    return `The service accepts the token of generation ${tokenGeneration} and the previous one`;
  },
  dropPreviousToken: async (_asked, { deployments }) => {
    await deploy(deployments, { title: "acceptPreviousToken: false", ...dropPrevious });
    return "The service accepts only the newest token";
  },
  configure: async ({ key, value }, { deployments }) => {
    await deploy(deployments, { title: `${key}, set on the page`, set: { [key]: value } });
    return `Deployed with the new value of ${key}`;
  },
  useFile: async ({ key }, { deployments }) => {
    await deploy(deployments, { title: `${key}, as in the stack's file`, unset: [key] });
    return `Deployed with the value of ${key} in the stack's file`;
  },
  removeEntry: async ({ key, entry }, { tenant, deployments }) => {
    const edit = await withoutEntry(tenant, deployments, key, entry);
    await deploy(deployments, { title: `${key} without ${entry}`, ...edit });
    return `Deployed without ${entry} in ${key}`;
  },
  // Okta refuses to push a group twice, so the push by hand ends first; its group in the directory stays and is taken over.
  declarePush: async ({ mapping }, { tenant, deployments, admin }) => {
    checkIdle(deployments);
    const edit = await withPush(tenant, deployments, mapping);
    await checkEdit(tenant, deployments, edit);
    admin.unlinkGroup(mapping, { deleteTargetGroup: false });
    await deploy(deployments, { title: "pushGroups with the group pushed by hand", ...edit });
    return "Deployed: the configuration declares the push";
  },
  repairPushes: async (_asked, { tenant, deployments }) => {
    checkIdle(deployments);
    for (const id of unlinkedMappings(tenant).keys()) tenant.engine.forget("okta:index/pushGroup:PushGroup", id);
    await deploy(deployments, { title: "state delete of unlinked mappings, then up --refresh", refresh: true });
    return "Deployed: the stack pushes its groups again";
  },
  addReceiver: async ({ name, push }, { tenant, deployments }) => {
    await deploy(deployments, {
      title: `Receiver ${name}`,
      ...(await withReceiver(tenant, deployments, { name, push })),
    });
    return `${name} is told of every change from now on`;
  },
  acknowledge: async ({ receiver, events }, { tenant }) => {
    await acknowledge(tenant, receiver, events);
    return events.length === 1 ? "The event is acknowledged" : `${events.length} events are acknowledged`;
  },
  dismissDeployment: ({ deployment }, { deployments }) => {
    deployments.dismiss(deployment);
    return "The deployment's result is no longer shown";
  },
};
