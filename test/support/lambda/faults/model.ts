/** Either everybody of the crowd is in a group or nobody: requests that are too large for one transaction move it. */
export const CROWD = "the crowd";

/** The answer of a deletion, 204 or 404: of two concurrent ones both may perform it, and a retry may find it done. */
export const GONE = "gone";

/**
 * A directory as its readers see it. Ids are those of the service, or placeholders for resources that a command
 * creates.
 */
export interface State {
  readonly users: ReadonlyMap<string, { readonly name: string; readonly title: string }>;
  readonly groups: ReadonlyMap<string, { readonly name: string; readonly members: ReadonlySet<string> }>;
  /** Deleted users that groups may show until the deletion is finished. */
  readonly leaving: ReadonlySet<string>;
}

/** One request. `id` names a resource that existed at the start, or is the placeholder of a new one. */
export type Command =
  | { readonly kind: "create user"; readonly id: string; readonly name: string }
  | { readonly kind: "title user"; readonly id: string; readonly title: string }
  | { readonly kind: "rename user"; readonly id: string; readonly name: string }
  | { readonly kind: "delete user"; readonly id: string }
  | { readonly kind: "read user"; readonly id: string }
  | { readonly kind: "create group"; readonly id: string; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: "add members"; readonly id: string; readonly members: readonly string[] }
  | { readonly kind: "remove members"; readonly id: string; readonly members: readonly string[] }
  | { readonly kind: "put group"; readonly id: string; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: "rename group"; readonly id: string; readonly name: string }
  | { readonly kind: "delete group"; readonly id: string }
  | { readonly kind: "read group"; readonly id: string };

/** The effect of a step of a command. `answers` are those that its client may see, if this step answers. */
export interface Step {
  (state: State): Done;
}

interface Done {
  readonly state: State;
  readonly answers?: readonly string[];
}

const taken = (entries: ReadonlyMap<string, { readonly name: string }>, name: string, but?: string): boolean =>
  [...entries].some(([id, entry]) => id !== but && entry.name.toLowerCase() === name.toLowerCase());

const withUser = (state: State, id: string, user: { name: string; title: string } | undefined): State => {
  const users = new Map(state.users);
  if (user) users.set(id, user);
  else users.delete(id);
  return { ...state, users };
};
const withGroup = (
  state: State,
  id: string,
  group: { name: string; members: ReadonlySet<string> } | undefined,
): State => {
  const groups = new Map(state.groups);
  if (group) groups.set(id, group);
  else groups.delete(id);
  return { ...state, groups };
};
/** Ids of users that do not exist are left out. */
const known = (state: State, ids: Iterable<string>): string[] =>
  [...ids].filter((id) => id === CROWD || state.users.has(id));

/** Whether a list would empty its group because it names nobody who is a member or exists (docs/decisions/unknown-members.md). */
const emptiesByUnknown = (state: State, members: ReadonlySet<string>, asked: readonly string[]): boolean =>
  asked.length > 0 && !asked.some((id) => members.has(id)) && known(state, asked).length === 0;

/** Members by their ids. A user that is created meanwhile is in no group yet. */
export const showGroup = ({ name, members }: { name: string; members: ReadonlySet<string> }): string =>
  `${name}: ${[...members].sort().join(", ")}`;
export const showUser = ({ name, title }: { name: string; title: string }): string => `${name}, ${title}`;

export const showState = (state: State): string =>
  JSON.stringify([[...state.users.values()].map(showUser).sort(), [...state.groups.values()].map(showGroup).sort()]);

const same = (state: State, ...answers: readonly string[]): Done => ({ state, answers });

/** The steps of a command in order; other commands may come between them. All but a deletion of a user have one. */
export function stepsOf(command: Command): readonly Step[] {
  const { id } = command;
  switch (command.kind) {
    case "create user":
      return [
        (state) =>
          taken(state.users, command.name)
            ? same(state, "409")
            : { state: withUser(state, id, { name: command.name, title: "" }), answers: ["201"] },
      ];
    case "title user":
    case "rename user":
      return [
        (state) => {
          const user = state.users.get(id);
          if (!user) return same(state, "404");
          if (command.kind === "title user") {
            return { state: withUser(state, id, { ...user, title: command.title }), answers: ["200"] };
          }
          if (taken(state.users, command.name, id)) return same(state, "409");
          return { state: withUser(state, id, { ...user, name: command.name }), answers: ["200"] };
        },
      ];
    case "delete user":
      return [
        (state) => {
          if (!state.users.has(id)) return { state };
          return { state: { ...withUser(state, id, undefined), leaving: new Set([...state.leaving, id]) } };
        },
        (state) => {
          const leaving = new Set([...state.leaving].filter((user) => user !== id));
          const groups = new Map(
            [...state.groups].map(([group, { name, members }]) => [
              group,
              { name, members: new Set([...members].filter((member) => member !== id)) },
            ]),
          );
          return { state: { ...state, leaving, groups }, answers: [GONE] };
        },
      ];
    case "read user":
      return [
        (state) => {
          const user = state.users.get(id);
          return same(state, user ? showUser(user) : "404");
        },
      ];
    case "create group":
      return [
        (state) =>
          taken(state.groups, command.name)
            ? same(state, "409")
            : {
                state: withGroup(state, id, { name: command.name, members: new Set(known(state, command.members)) }),
                answers: ["201"],
              },
      ];
    default:
      return [(state) => changeGroup(state, command)];
  }
}

function changeGroup(
  state: State,
  command: Exclude<Command, { kind: `${string} user` } | { kind: "create group" }>,
): Done {
  const { id } = command;
  const group = state.groups.get(id);
  if (!group) return same(state, command.kind === "delete group" ? GONE : "404");
  switch (command.kind) {
    case "add members":
      return {
        state: withGroup(state, id, {
          ...group,
          members: new Set([...group.members, ...known(state, command.members)]),
        }),
        answers: ["204"],
      };
    case "remove members": {
      const members = new Set([...group.members].filter((member) => !command.members.includes(member)));
      return { state: withGroup(state, id, { ...group, members }), answers: ["204"] };
    }
    case "put group": {
      const isTaken = taken(state.groups, command.name, id);
      // If there are two errors, the client may see either.
      if (emptiesByUnknown(state, group.members, command.members))
        return same(state, "400", ...(isTaken ? ["409"] : []));
      if (isTaken) return same(state, "409");
      const members = new Set(known(state, command.members));
      return { state: withGroup(state, id, { name: command.name, members }), answers: ["200"] };
    }
    case "rename group":
      if (taken(state.groups, command.name, id)) return same(state, "409");
      return { state: withGroup(state, id, { ...group, name: command.name }), answers: ["204"] };
    case "delete group":
      return { state: withGroup(state, id, undefined), answers: [GONE] };
    case "read group":
      return same(state, showGroup(group));
  }
}
