import type { HandlersOf } from "./handlers.ts";

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
> = {
  createGroup: ({ name, description }, { admin }) => {
    admin.createGroup(name, description);
    return `The group ${name} was created`;
  },
  linkGroup: ({ group }, { admin, appId }) => {
    admin.linkGroup(appId, group);
    return "Okta pushes the group";
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
