import { BadRequest } from "./badRequest.ts";
import { acknowledge, withReceiver } from "./changeEvents.ts";
import { changeQuestions } from "./changeQuestion.ts";
import type { Action } from "./action.ts";
import { checkUnchanged, withoutEntry } from "./configuration.ts";
import { withName, withPush, withPushRule, withoutDeleted } from "./declare.ts";
import { deletedGroups } from "./deletedGroups.ts";
import { deploy } from "./deploy.ts";
import type { Deployments, Edit } from "./deployments.ts";
import type { HandlersOf } from "./handlers.ts";
import { refuseIf } from "./nothingToDo.ts";
import { asOne, type Question } from "./question.ts";
import { readRotation, tokenQuestion } from "./rotation.ts";
import type { Tenant } from "../tenant/tenant.ts";

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
    case "removeDeleted":
    case "repairDrift":
      return withoutDeleted(tenant, deployments);
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
function removal(asked: Action, tenant: Tenant): readonly Question[] {
  const [entries, key] =
    asked.action === "removeEntry"
      ? [[asked.entry], asked.key]
      : asked.action === "removeDeleted"
        ? [deletedGroups(tenant).map(({ label }) => label), "pushGroups"]
        : [[], ""];
  if (entries.length === 0) return [];
  const text = `The deployment uses ${key} without ${entries.length === 1 ? "this entry" : "these entries"}. Nothing that is in use ends.`;
  return [{ title: `Remove ${entries.join(", ")}?`, text, verb: "Remove and deploy" }];
}

const isFileReadable = (tenant: Tenant): Promise<boolean> =>
  tenant.readLayers().then(
    () => true,
    () => false,
  );

/** The question that a person answers before a deployment; undefined if it ends nothing that is in use. */
export async function questionOf(
  asked: Action,
  tenant: Tenant,
  deployments: Deployments,
): Promise<Question | undefined> {
  // The deployment itself says why the file cannot be read.
  if (!(await isFileReadable(tenant))) return undefined;
  const edit = await editOf(asked, tenant, deployments);
  const [token, changes] = await Promise.all([
    tokenQuestion(tenant, deployments, edit),
    changeQuestions(tenant, deployments, edit),
  ]);
  const all = [...(token === undefined ? [] : [token]), ...changes];
  return asOne(all.length === 0 ? removal(asked, tenant) : all);
}

export const stack: HandlersOf<
  | "deployReady"
  | "deployAgain"
  | "rotateToken"
  | "dropPreviousToken"
  | "configure"
  | "useFile"
  | "removeEntry"
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
    refuseIf(!deployments.acceptsPreviousToken(), "The service accepts only the newest token already");
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
