import type { App, Group, PushMapping, Rule, User } from "../org/model.ts";
import { loginOf, textOf, type Store } from "../org/store.ts";
import { viewDeletion, type DeletionView } from "./deletion.ts";

/** Part of a list: `start` counts from 0. */
export interface ViewPage<T> {
  readonly total: number;
  readonly start: number;
  readonly items: readonly T[];
}

export interface ViewQuery {
  /** Text that the item contains where a list shows it, without regard to case. */
  readonly search: string;
  readonly start: number;
  readonly count: number;
}

export interface PersonView {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly status: User["status"];
  readonly title: string;
  readonly department: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** State in the app: not assigned, assigned without a record in the directory, provisioned, or failed. */
  readonly assignment: "none" | "held" | "waiting" | "provisioned" | "failed";
  readonly error?: string;
}

export interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly type: Group["type"];
  readonly members: number;
  readonly assigned: boolean;
  readonly push?: Pick<PushMapping, "id" | "status" | "errorSummary" | "lastPush"> & { readonly target: string };
}

export interface RuleView {
  readonly id: string;
  readonly name: string;
  readonly status: Rule["status"];
  readonly expression: string;
  /** Names of the groups that the rule fills. */
  readonly groups: readonly string[];
  readonly groupIds: readonly string[];
}

export interface AppView {
  readonly id: string;
  readonly label: string;
  readonly connected: boolean;
  readonly assigned: number;
  readonly provisioned: number;
}

/** The views of the Admin Console. They change nothing. */
export interface OrgView {
  people(query: ViewQuery & { readonly groupId?: string }, appId: string): ViewPage<PersonView>;
  groups(query: ViewQuery, appId: string): ViewPage<GroupView>;
  /** The Push Groups tab. */
  pushedGroups(query: ViewQuery, appId: string): ViewPage<GroupView>;
  rules(query: ViewQuery): ViewPage<RuleView>;
  rule(ruleId: string): RuleView | undefined;
  /** The groups of the Assignments tab. */
  assignedGroups(appId: string): readonly { readonly id: string; readonly name: string }[];
  deletion(groupId: string, appId: string): DeletionView | undefined;
  person(userId: string, appId: string): PersonView | undefined;
  group(groupId: string, appId: string): GroupView | undefined;
  /** The group that a mapping pushes. */
  pushedBy(mappingId: string, appId: string): GroupView | undefined;
  /** The status of a mapping, also of one whose group was deleted. */
  pushStatus(mappingId: string, appId: string): PushMapping["status"] | undefined;
  app(appId: string): AppView | undefined;
  /** The person's profile, by id. */
  profile(userId: string): Readonly<Record<string, unknown>> | undefined;
}

export function createOrgView(store: Store): OrgView {
  return {
    people: ({ groupId, ...query }, appId) => {
      const app = store.apps.get(appId);
      const members = groupId === undefined ? undefined : (store.groups.get(groupId)?.members ?? new Map());
      const groups = query.search.trim() === "" ? [] : groupsNamed(store, query.search);
      const found = [...store.users.values()].filter(
        (user) =>
          (members?.has(user.id) ?? true) &&
          (holds(query.search, loginOf(user), nameOf(user), textOf(user.profile["title"])) ||
            groups.some((group) => group.members.has(user.id))),
      );
      found.sort((a, b) => (loginOf(a) < loginOf(b) ? -1 : 1));
      return paged(found, query, (user) => viewPerson(store, app, user));
    },
    groups: (query, appId) => {
      const app = store.apps.get(appId);
      const found = [...store.groups.values()].filter(
        ({ type, profile }) => type !== "APP_GROUP" && holds(query.search, profile.name),
      );
      found.sort((a, b) => a.profile.name.localeCompare(b.profile.name, "en"));
      return paged(found, query, (group) => viewGroup(store, app, group));
    },
    pushedGroups: (query, appId) => listPushed(store, store.apps.get(appId), query),
    rules: (query) =>
      paged(
        [...store.rules.values()].filter(({ name, expression }) => holds(query.search, name, expression)),
        query,
        (rule) => viewRule(store, rule),
      ),
    rule: (ruleId) => {
      const rule = store.rules.get(ruleId);
      return rule === undefined ? undefined : viewRule(store, rule);
    },
    assignedGroups: (appId) => viewAssigned(store, store.apps.get(appId)),
    deletion: (groupId, appId) => {
      const group = store.groups.get(groupId);
      return group === undefined ? undefined : viewDeletion(store, store.apps.get(appId), group);
    },
    person: (userId, appId) => {
      const user = store.users.get(userId);
      return user === undefined ? undefined : viewPerson(store, store.apps.get(appId), user);
    },
    group: (groupId, appId) => {
      const group = store.groups.get(groupId);
      return group === undefined ? undefined : viewGroup(store, store.apps.get(appId), group);
    },
    pushedBy: (mappingId, appId) => {
      const app = store.apps.get(appId);
      const group = store.groups.get(app?.pushes.get(mappingId)?.sourceGroupId ?? "");
      return group === undefined ? undefined : viewGroup(store, app, group);
    },
    pushStatus: (mappingId, appId) => store.apps.get(appId)?.pushes.get(mappingId)?.status,
    app: (appId) => {
      const app = store.apps.get(appId);
      if (app === undefined) return undefined;
      const provisioned = [...app.links.values()].filter(({ attached }) => attached).length;
      const { id, label, users, provisioning } = app;
      return { id, label, connected: provisioning !== undefined, assigned: users.size, provisioned };
    },
    profile: (userId) => store.users.get(userId)?.profile,
  };
}

function listPushed(store: Store, app: App | undefined, query: ViewQuery): ViewPage<GroupView> {
  const sources = [...(app?.pushes.values() ?? [])].flatMap(
    ({ sourceGroupId }) => store.groups.get(sourceGroupId) ?? [],
  );
  const found = sources.filter(({ profile }) => holds(query.search, profile.name));
  found.sort((a, b) => a.profile.name.localeCompare(b.profile.name, "en"));
  return paged(found, query, (group) => viewGroup(store, app, group));
}

const groupsNamed = (store: Store, search: string): Group[] =>
  [...store.groups.values()].filter(({ type, profile }) => type === "OKTA_GROUP" && holds(search, profile.name));

const holds = (search: string, ...texts: readonly string[]): boolean => {
  const wanted = search.trim().toLowerCase();
  return wanted === "" || texts.some((text) => text.toLowerCase().includes(wanted));
};

/** The requested page, or the last one if the list has become shorter. */
function paged<T, V>(all: readonly T[], { start, count }: ViewQuery, view: (item: T) => V): ViewPage<V> {
  const last = Math.max(0, Math.floor((all.length - 1) / count) * count);
  const from = Math.min(start, last);
  return { total: all.length, start: from, items: all.slice(from, from + count).map(view) };
}

/** The name of a group, or the last one that it had, as a rule keeps the id of a deleted group. */
const lastNameOf = (store: Store, id: string): string =>
  store.groups.get(id)?.profile.name ??
  store.log
    .about(id)
    .flatMap(({ target }) => target.filter((one) => one.id === id))
    .at(-1)?.displayName ??
  id;

const nameOf = ({ profile }: User): string =>
  textOf(profile["displayName"]) || `${textOf(profile["firstName"])} ${textOf(profile["lastName"])}`.trim();

const viewRule = (store: Store, { id, name, status, expression, groupIds }: Rule): RuleView => ({
  ...{ id, name, status, expression, groupIds },
  groups: groupIds.map((groupId) => lastNameOf(store, groupId)),
});

function viewPerson(store: Store, app: App | undefined, user: User): PersonView {
  const assigned = app?.users.get(user.id);
  const link = app?.links.get(user.id);
  const error = assigned?.error ?? link?.failure;
  const assignment = (): PersonView["assignment"] => {
    if (error !== undefined) return "failed";
    if (assigned === undefined) return "none";
    if (assigned.held) return "held";
    return link?.attached === true ? "provisioned" : "waiting";
  };
  const groups = [...store.groups.values()].filter(
    ({ type, members }) => type === "OKTA_GROUP" && members.has(user.id),
  );
  return {
    id: user.id,
    login: loginOf(user),
    name: nameOf(user),
    status: user.status,
    title: textOf(user.profile["title"]),
    department: textOf(user.profile["department"]),
    groups: groups.map(({ id, profile }) => ({ id, name: profile.name })),
    assignment: assignment(),
    ...(error === undefined ? {} : { error }),
  };
}

function viewGroup(store: Store, app: App | undefined, group: Group): GroupView {
  const mapping = [...(app?.pushes.values() ?? [])].find(({ sourceGroupId }) => sourceGroupId === group.id);
  const view = {
    id: group.id,
    name: group.profile.name,
    type: group.type,
    members: group.members.size,
    assigned: app?.groups.has(group.id) ?? false,
  };
  if (mapping === undefined) return view;
  const { id, status, errorSummary, lastPush, targetGroupId } = mapping;
  const target = store.groups.get(targetGroupId)?.profile.name ?? mapping.sourceName;
  return {
    ...view,
    push: {
      ...{ id, status, target },
      ...(errorSummary === undefined ? {} : { errorSummary }),
      ...(lastPush === undefined ? {} : { lastPush }),
    },
  };
}

const viewAssigned = (store: Store, app: App | undefined): { readonly id: string; readonly name: string }[] =>
  [...(app?.groups.keys() ?? [])].map((id) => ({ id, name: store.groups.get(id)?.profile.name ?? id }));
