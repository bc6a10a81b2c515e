import { z } from "zod";

const id = z.string().min(1).max(200);
/** Only a bound for the request: Okta's own limits are shorter, and its messages say what is allowed. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `The field is too long, at most ${most.toLocaleString("en")} characters are allowed`);
const name = text(2000);
const given = text(255).min(1, "The field cannot be left blank");
/** A key of the configuration, without the namespace. */
const key = z.string().regex(/^[a-zA-Z]{1,50}$/);
/** A new value, and the text of the one that the person edited; undefined if the value is set whatever it was. */
export const edited = z.object({ key, value: z.string().max(50_000), was: z.string().max(50_000).optional() });
const onOff = z.enum(["ACTIVE", "INACTIVE"]);
const optional = text(20_000);

/** The actions of the page. Okta's own rules check all of their values again. */
export const action = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("hire"),
    firstName: name,
    lastName: name,
    login: name,
    title: optional.default(""),
    department: optional.default(""),
    groupIds: z.array(id).max(100).default([]),
  }),
  z.object({ action: z.literal("changeProfile"), user: id, values: z.record(z.string().max(100), optional) }),
  z.object({ action: z.literal("moveBetweenGroups"), user: id, from: id, to: id }),
  z.object({ action: z.literal("addToGroup"), user: id, group: id }),
  z.object({ action: z.literal("removeFromGroup"), user: id, group: id }),
  z.object({
    action: z.literal("setLifecycle"),
    user: id,
    step: z.enum(["activate", "reactivate", "deactivate", "suspend", "unsuspend"]),
  }),
  z.object({ action: z.literal("deleteUser"), user: id }),
  z.object({ action: z.literal("provisionUser"), user: id }),
  z.object({ action: z.literal("renameGroup"), group: id, name }),
  z.object({ action: z.literal("deleteGroup"), group: id }),
  z.object({ action: z.literal("createGroup"), name, description: optional.default("") }),
  z.object({ action: z.literal("linkGroup"), name: given }),
  z.object({ action: z.literal("addPushRule"), name: given, match: z.enum(["startsWith", "contains"]), text: given }),
  z.object({ action: z.literal("removePushRule"), rule: id }),
  z.object({ action: z.literal("addRule"), name, expression: z.string().trim().max(3900), group: id }),
  z.object({ action: z.literal("removeRule"), rule: id, removeUsers: z.boolean() }),
  z.object({ action: z.literal("declarePush"), mapping: id }),
  z.object({ action: z.literal("declareRule"), rule: id }),
  z.object({ action: z.literal("declareName"), label: name, name: given }),
  z.object({ action: z.literal("removeDeleted") }),
  z.object({ action: z.literal("repairDrift") }),
  z.object({ action: z.literal("setPushStatus"), mapping: id, status: onOff }),
  z.object({ action: z.literal("setRuleStatus"), rule: id, status: onOff }),
  z.object({ action: z.literal("changeRule"), rule: id, name, expression: z.string().trim().max(3900) }),
  z.object({ action: z.literal("assignGroup"), group: id }),
  z.object({ action: z.literal("unassignGroup"), group: id }),
  z.object({ action: z.literal("pushNow"), mapping: id }),
  z.object({ action: z.literal("unlinkGroup"), mapping: id, deleteTargetGroup: z.boolean() }),
  z.object({ action: z.literal("forceSync") }),
  z.object({ action: z.literal("importUsers") }),
  z.object({ action: z.literal("retryTask"), task: z.string().min(1).max(500) }),
  z.object({ action: z.literal("breakNetwork"), seconds: z.int().min(1).max(3600) }),
  z.object({ action: z.literal("restoreNetwork") }),
  z.object({ action: z.literal("wipeConnection") }),
  z.object({ action: z.literal("doConsoleStep") }),
  z.object({ action: z.literal("deployReady") }),
  z.object({ action: z.literal("deployAgain"), refresh: z.boolean().default(false) }),
  edited.extend({ action: z.literal("configure") }),
  z.object({ action: z.literal("useFile"), key }),
  z.object({ action: z.literal("removeEntry"), key, entry: z.string().max(2000) }),
  z.object({ action: z.literal("dismissDeployment"), deployment: z.int() }),
  z.object({ action: z.literal("addReceiver"), name, push: z.string().trim().max(2000).default("") }),
  z.object({ action: z.literal("acknowledge"), receiver: name, events: z.array(z.string().max(500)).min(1).max(1000) }),
  z.object({ action: z.literal("rotateToken") }),
  z.object({ action: z.literal("changeToken") }),
  z.object({ action: z.literal("dropPreviousToken") }),
]);
export type Action = z.infer<typeof action>;
