import type { HandlersOf } from "./handlers.ts";
import { pushableNamed } from "./pushGroups.ts";

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
  setRuleStatus: ({ rule, status }, { admin }) => {
    admin.setRuleStatus(rule, status);
    return status === "ACTIVE"
      ? "The rule was activated"
      : "The rule was deactivated; the people that it added stay in the group";
  },
  changeRule: ({ rule, name, expression }, { admin }) => {
    admin.changeRule(rule, { name, expression });
    return "The rule was changed";
  },
  assignGroup: ({ group }, { admin, appId }) => {
    admin.assignGroup(appId, group);
    return "The group is assigned to the app: Okta provisions its people";
  },
  unassignGroup: ({ group }, { admin, appId }) => {
    admin.unassignGroup(appId, group);
    return "The assignment was removed: people without another assignment are deactivated in the directory";
  },
  setPushStatus: ({ mapping, status }, { admin }) => {
    admin.setPushStatus(mapping, status);
    return status === "ACTIVE" ? "Okta pushes the group again" : "Okta no longer pushes changes of the group";
  },
  renameGroup: ({ group, name }, { admin }) => {
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
