import { idOf } from "./ids.ts";
import type { Group, User } from "./model.ts";
import { groupDescriptions, starter, USUAL_PEOPLE } from "./people.ts";
import { addMember, addUser, makeGroup, needUser, type Store } from "./store.ts";

export interface Seed {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

const part = (name: string): string => name.toLowerCase().replace(/[^a-z-]/g, "");

/**
 * Creates the starting people and groups that are missing. Their ids are the same in each org.
 * @param many the number of people; those of a smaller number are also among those of a larger one
 */
export function seedOrg(store: Store, many: number = USUAL_PEOPLE): Seed {
  const groups = new Map<string, Group>();
  for (const [name, description] of Object.entries(groupDescriptions)) {
    const id = idOf("00g", name);
    const group = store.groups.get(id) ?? makeGroup(name, description, { id });
    store.groups.set(id, group);
    groups.set(name, group);
  }
  const users = Array.from({ length: many }, (_, index) => {
    const { person, namesakes } = starter(index);
    const [firstName, lastName, title, department, groupName] = person;
    const login = `${part(firstName)}.${part(lastName)}${namesakes === 0 ? "" : namesakes + 1}@example.com`;
    const id = idOf("00u", login);
    if (store.users.has(id)) return needUser(store, id);
    const profile = {
      firstName,
      lastName,
      login,
      email: login,
      displayName: `${firstName} ${lastName}`,
      title,
      department,
    };
    const user = addUser(store, { ...profile, employeeNumber: String(1001 + index), locale: "en-US" }, "ACTIVE", id);
    const group = groupName === null ? undefined : groups.get(groupName);
    if (group !== undefined) addMember(store, group, user);
    return user;
  });
  store.changed();
  return { users, groups: [...groups.values()] };
}
