import type { Group, Json, User } from "../org/model.ts";
import {
  addGroup,
  addMember,
  addUser,
  changeGroup,
  deleteGroup,
  needGroup,
  needOktaGroup,
  needUser,
  removeMember,
  type Store,
} from "../org/store.ts";
import { changeProfile, deleteUser, runLifecycle, type LifecycleAction } from "../org/userLifecycle.ts";

/**
 * Everyday changes to people and groups. People are named by id or login, groups by id. Each method throws an ApiError
 * with Okta's words if Okta would refuse.
 */
export interface PeopleDesk {
  /** Creates an active person in these groups. */
  hire(profile: Json, groupIds?: readonly string[]): User;
  /** Merges values into the profile; null removes one. */
  changeProfile(user: string, values: Json): void;
  addToGroup(user: string, groupId: string): void;
  removeFromGroup(user: string, groupId: string): void;
  moveBetweenGroups(user: string, fromGroupId: string, toGroupId: string): void;
  createGroup(name: string, description: string): Group;
  renameGroup(groupId: string, name: string): void;
  deleteGroup(groupId: string): void;
  /** Activates, deactivates, suspends or unsuspends. */
  setLifecycle(user: string, action: LifecycleAction): void;
  /** Deactivates a person; deletes a person who is already deactivated. */
  deleteUser(user: string): void;
}

export function createPeopleDesk(store: Store): PeopleDesk {
  return {
    hire: (profile, groupIds = []) => {
      const groups = groupIds.map((id) => needOktaGroup(store, id));
      const user = addUser(store, profile, "ACTIVE");
      for (const group of groups) addMember(store, group, user);
      return user;
    },
    changeProfile: (user, values) => changeProfile(store, needUser(store, user), values, true),
    addToGroup: (user, groupId) => addMember(store, needOktaGroup(store, groupId), needUser(store, user)),
    removeFromGroup: (user, groupId) => removeMember(store, needOktaGroup(store, groupId), needUser(store, user)),
    moveBetweenGroups: (user, fromGroupId, toGroupId) => {
      const [from, to] = [needOktaGroup(store, fromGroupId), needOktaGroup(store, toGroupId)];
      const found = needUser(store, user);
      addMember(store, to, found);
      removeMember(store, from, found);
    },
    createGroup: (name, description) => addGroup(store, name, description === "" ? null : description),
    renameGroup: (groupId, name) => changeGroup(store, needOktaGroup(store, groupId), { name }),
    deleteGroup: (groupId) => deleteGroup(store, needGroup(store, groupId)),
    setLifecycle: (user, action) => runLifecycle(store, needUser(store, user), action),
    deleteUser: (user) => deleteUser(store, needUser(store, user)),
  };
}
