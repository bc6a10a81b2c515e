import { BadRequest } from "./badRequest.ts";
import { acknowledge, withReceiver } from "./changeEvents.ts";
import { changeQuestions } from "./changeQuestion.ts";
import type { Action } from "./action.ts";
import { checkEdit, checkUnchanged, withoutEntry } from "./configuration.ts";
import { withName, withPush, withPushRule, withoutLabel } from "./declare.ts";
import type { DeploymentRequest, Deployments, Edit } from "./deployments.ts";
import { readDrift } from "./drift.ts";
import type { Context, HandlersOf } from "./handlers.ts";
import { asOne, type Question } from "./question.ts";
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
const ready: Edit = { set: { connection: "ready" } };

/** The change of the configuration that an action deploys. @throws BadRequest if what it changes is gone */
function editOf(asked: Action, tenant: Tenant, deployments: Deployments): Edit | Promise<Edit> {
  switch (asked.action) {
    case "deployReady":
      return ready;
    case "configure":
      return { set: { [asked.key]: asked.value } };
    case "useFile":
      return { unset: [asked.key] };
    case "removeEntry":
      return withoutEntry(tenant, deployments, asked.key, asked.entry);
    case "removeLabel":
      return withoutLabel(tenant, deployments, asked.label);
    case "declareName":
      return withName(tenant, deployments, asked.label, asked.name);
    case "declarePush":
      return withPush(tenant, deployments, asked.mapping);
    case "declareRule":
      return withPushRule(tenant, deployments, asked.rule);
    case "addReceiver":
      return withReceiver(tenant, deployments, asked);
    case "rotateToken":
      return nextToken(deployments);
    case "dropPreviousToken":
      return dropPrevious;
    default:
      return {};
  }
}

/** Entries are removed by a button that ends in "…", so that one without an effect in use asks too. */
function removal(asked: Action): readonly Question[] {
  const [entry, key] =
    asked.action === "removeEntry"
      ? [asked.entry, asked.key]
      : asked.action === "removeLabel"
        ? [asked.label, "pushGroups"]
        : [];
  if (entry === undefined) return [];
  const text = `The deployment uses ${key} without this entry. Nothing that is in use ends.`;
  return [{ title: `Remove ${entry}?`, text, verb: "Remove and deploy" }];
}

/** The question that a person answers before a deployment; undefined if it ends nothing that is in use. */
export async function questionOf(
  asked: Action,
  tenant: Tenant,
  deployments: Deployments,
): Promise<Question | undefined> {
  const edit = await editOf(asked, tenant, deployments);
  const [token, changes] = await Promise.all([
    tokenQuestion(tenant, deployments, edit),
    changeQuestions(tenant, deployments, edit),
  ]);
  const all = [...(token === undefined ? [] : [token]), ...changes];
  return asOne(all.length === 0 ? removal(asked) : all);
}

const PUSH = "okta:index/pushGroup:PushGroup";

/**
 * Deploys a configuration that declares pushes which were made by hand. Okta refuses to push a group twice, so these
 * end first; their groups in the directory stay and are taken over.
 */
async function declare(
  { tenant, deployments, admin }: Context,
  title: string,
  edit: Edit,
  pushes: () => readonly string[],
): Promise<void> {
  checkIdle(deployments);
  await checkEdit(tenant, deployments, edit);
  for (const mapping of pushes()) admin.unlinkGroup(mapping, { deleteTargetGroup: false });
  await deploy(deployments, { title, ...edit });
}

export const stack: HandlersOf<
  | "deployReady"
  | "deployAgain"
  | "rotateToken"
  | "dropPreviousToken"
  | "configure"
  | "useFile"
  | "removeEntry"
  | "declarePush"
  | "declareRule"
  | "declareName"
  | "removeLabel"
  | "repairDrift"
  | "dismissDeployment"
  | "addReceiver"
  | "acknowledge"
> = {
  deployReady: async (_asked, { deployments }) => {
    await deploy(deployments, { title: "connection: ready", ...ready });
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
  configure: async ({ key, value, was }, { tenant, deployments }) => {
    await checkUnchanged(tenant, deployments, key, was);
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
  declarePush: async ({ mapping }, context) => {
    const { tenant, deployments } = context;
    const edit = await withPush(tenant, deployments, mapping);
    await declare(context, "pushGroups with the group pushed by hand", edit, () => [mapping]);
    return "Deployed: the configuration declares the push";
  },
  declareRule: async ({ rule }, context) => {
    const { tenant, deployments, admin, appId } = context;
    const edit = await withPushRule(tenant, deployments, rule);
    await declare(context, "pushGroups with the groups of the push rule", edit, () => {
      const { groupIds = [] } = admin.pushRules(appId).find(({ id }) => id === rule) ?? {};
      admin.removePushRule(appId, rule);
      return groupIds.flatMap((group) => {
        const { push } = tenant.org.view.group(group, appId) ?? {};
        return push === undefined || tenant.engine.isOwn(PUSH, push.id) ? [] : [push.id];
      });
    });
    return "Deployed: the configuration declares the groups of the push rule";
  },
  declareName: async ({ label, name }, { tenant, deployments }) => {
    const edit = await withName(tenant, deployments, label, name);
    await deploy(deployments, { title: `pushGroups with ${name} instead of ${label}`, ...edit });
    return `Deployed: the configuration names the group ${name}`;
  },
  removeLabel: async ({ label }, { tenant, deployments }) => {
    const edit = await withoutLabel(tenant, deployments, label);
    await deploy(deployments, { title: `pushGroups without ${label}`, ...edit });
    return `Deployed without ${label} in pushGroups`;
  },
  repairDrift: async (_asked, { tenant, deployments, admin, appId }) => {
    checkIdle(deployments);
    const ways = (await readDrift(tenant)).flatMap(({ way, marks }) =>
      way.kind === "refresh" ? [{ ...way, marks }] : [],
    );
    const gone = ways.flatMap(({ forget, marks }) => (forget === undefined ? [] : [{ ...forget, marks }]));
    for (const { type, id, marks } of gone) {
      tenant.engine.forget(type, id);
      // Okta refuses to push a group twice: a push that was made again by hand ends first.
      for (const group of marks) {
        const { push } = tenant.org.view.group(group, appId) ?? {};
        if (push !== undefined && !tenant.engine.isOwn(PUSH, push.id))
          admin.unlinkGroup(push.id, { deleteTargetGroup: false });
      }
    }
    const title = gone.length === 0 ? "up --refresh" : "state delete of unlinked mappings, then up --refresh";
    await deploy(deployments, { title, refresh: true });
    return "Deployed: the org is as the configuration declares it";
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
