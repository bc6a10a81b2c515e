import type { HandlersOf } from "./handlers.ts";
import { refuseIf } from "./nothingToDo.ts";
import { pushableNamed } from "./pushGroups.ts";

const WORDS = { ACTIVE: "active", INACTIVE: "deactivated" } as const;

export const groups: HandlersOf<
  | "createGroup"
  | "renameGroup"
  | "deleteGroup"
  | "linkGroup"
  | "addPushRule"
  | "removePushRule"
  | "addRule"
  | "removeRule"
  | "pushNow"
  | "unlinkGroup"
  | "setPushStatus"
  | "setRuleStatus"
  | "changeRule"
  | "assignGroup"
  | "unassignGroup"
> = {
  createGroup: ({ name, description }, { admin }) => {
    admin.createGroup(name, description);
    return `The group ${name} was created`;
  },
  linkGroup: ({ name }, { admin, appId, tenant }) => {
    const group = pushableNamed(tenant, name);
    admin.linkGroup(appId, group.id);
    return `Okta pushes ${group.name}`;
  },
  addPushRule: ({ name, match, text }, { admin, appId }) => {
    admin.addPushRule(appId, { name, match, text });
    return `Okta pushes each group that the rule ${name} finds`;
  },
  removePushRule: ({ rule }, { admin, appId }) => {
    admin.removePushRule(appId, rule);
    return "The push rule was removed; the groups that it found stay pushed";
  },
  addRule: ({ name, expression, group }, { admin }) => {
    admin.addRule({ name, expression, groupId: group });
    return `The rule ${name} was added and activated`;
  },
  removeRule: ({ rule, removeUsers }, { admin }) => {
    admin.removeRule(rule, { removeUsers });
    return removeUsers
      ? "The rule was removed, with the people that it added"
      : "The rule was removed; the people stay";
  },
  setRuleStatus: ({ rule, status }, { admin, tenant }) => {
    refuseIf(tenant.org.view.rule(rule)?.status === status, `The rule is ${WORDS[status]} already`);
    admin.setRuleStatus(rule, status);
    return status === "ACTIVE"
      ? "The rule was activated"
      : "The rule was deactivated; the people that it added stay in the group";
  },
  changeRule: ({ rule, name, expression }, { admin, tenant }) => {
    const now = tenant.org.view.rule(rule);
    refuseIf(now?.name === name && now.expression === expression, "The rule has these values already");
    admin.changeRule(rule, { name, expression });
    return "The rule was changed";
  },
  assignGroup: ({ group }, { admin, appId, tenant }) => {
    refuseIf(tenant.org.view.group(group, appId)?.assigned === true, "The group is assigned to the app already");
    admin.assignGroup(appId, group);
    return "The group is assigned to the app: Okta provisions its people";
  },
  unassignGroup: ({ group }, { admin, appId, tenant }) => {
    const isAssigned = tenant.org.view.assignedGroups(appId).some(({ id }) => id === group);
    refuseIf(!isAssigned, "The group is no longer assigned to the app");
    admin.unassignGroup(appId, group);
    return "The assignment was removed: people without another assignment are deactivated in the directory";
  },
  setPushStatus: ({ mapping, status }, { admin, tenant, appId }) => {
    const { push } = tenant.org.view.pushedBy(mapping, appId) ?? {};
    refuseIf(push?.status === status, `The push of the group is ${WORDS[status]} already`);
    admin.setPushStatus(mapping, status);
    return status === "ACTIVE" ? "Okta pushes the group again" : "Okta no longer pushes changes of the group";
  },
  renameGroup: ({ group, name }, { admin, tenant, appId }) => {
    refuseIf(tenant.org.view.group(group, appId)?.name === name, `The group is called ${name} already`);
    admin.renameGroup(group, name);
    return `The group is called ${name} now`;
  },
  deleteGroup: ({ group }, { admin }) => {
    admin.deleteGroup(group);
    return "The group was deleted in Okta";
  },
  pushNow: ({ mapping }, { admin }) => {
    admin.pushNow(mapping);
    return "Okta pushes the whole group again";
  },
  unlinkGroup: ({ mapping, deleteTargetGroup }, { admin }) => {
    admin.unlinkGroup(mapping, { deleteTargetGroup });
    return deleteTargetGroup
      ? "Unlinked; the group in the directory is deleted"
      : "Unlinked; the group in the directory stays";
  },
};
