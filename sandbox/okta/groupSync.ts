import { timestamp } from "./ids.ts";
import type { App, PushMapping } from "./model.ts";
import { deleteGroup, pushAll, pushChange, pushNew, type GroupContent, type Member } from "./scimClient/groups.ts";
import { userNameOf } from "./scimClient/attributes.ts";
import type { Connection, Send } from "./scimClient/transport.ts";
import { appTarget, groupTarget, type Store } from "./store.ts";

/** Okta's timestamps on mappings carry no milliseconds. */
export const mappingTimestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");

const UNPUSHED = new Set(["SUSPENDED", "DEPROVISIONED", "STAGED"]);

/** People of the source group who are assigned and provisioned too; nobody else is pushed (help.okta.com, "Group Push"). */
function membersOf(store: Store, app: App, mapping: PushMapping): Member[] {
  const members: Member[] = [];
  for (const userId of store.groups.get(mapping.sourceGroupId)?.members.keys() ?? []) {
    const user = store.users.get(userId);
    const link = app.links.get(userId);
    if (user === undefined || link?.attached !== true || !app.users.has(userId) || UNPUSHED.has(user.status)) continue;
    members.push({ value: link.scimId, display: userNameOf(app, user) });
  }
  return members;
}

/** The target takes the source's new name unless "Rename app groups" is off. */
export function followRename(store: Store, app: App, mapping: PushMapping): void {
  const source = store.groups.get(mapping.sourceGroupId);
  const target = store.groups.get(mapping.targetGroupId);
  if (source === undefined || source.profile.name === mapping.sourceName) return;
  mapping.sourceName = source.profile.name;
  if (target !== undefined && app.provisioning?.renameAppGroups !== false) {
    target.profile = { ...target.profile, name: source.profile.name };
  }
}

/** What the mapping would push now, or undefined when the directory has it already or the mapping does not push. */
export function nextPush(store: Store, app: App, mapping: PushMapping): GroupContent | undefined {
  const target = store.groups.get(mapping.targetGroupId);
  if (mapping.status !== "ACTIVE" || app.provisioning?.actions.pushGroups !== true || target === undefined)
    return undefined;
  if (!store.groups.has(mapping.sourceGroupId)) return undefined;
  const content = { name: target.profile.name, members: membersOf(store, app, mapping) };
  const { pushed } = mapping;
  if (pushed === undefined || pushed.name !== content.name) return content;
  const before = new Set(pushed.members);
  const same = before.size === content.members.length && content.members.every(({ value }) => before.has(value));
  return same ? undefined : content;
}

interface Via {
  readonly send: Send;
  readonly connection: Connection;
}

/** Pushes and remembers the outcome; a failure puts the mapping in ERROR with what the server said. */
export async function push(
  store: Store,
  app: App,
  mapping: PushMapping,
  content: GroupContent,
  via: Via,
): Promise<void> {
  const source = store.groups.get(mapping.sourceGroupId);
  const target = [appTarget(app), ...(source === undefined ? [] : [groupTarget(source)])];
  const event =
    mapping.scimId === undefined ? "application.provision.group.add" : "application.provision.group_push.updated";
  try {
    if (mapping.scimId === undefined) mapping.scimId = await pushNew(via.send, via.connection, content);
    else if (mapping.pushed === undefined) await pushAll(via.send, via.connection, mapping.scimId, content);
    else await pushChange(via.send, via.connection, mapping.scimId, content, mapping.pushed.members);
    mapping.pushed = { name: content.name, members: content.members.map(({ value }) => value) };
    mapping.lastPush = mappingTimestamp();
    delete mapping.errorSummary;
    const members = new Set(mapping.pushed.members);
    mirrorMembers(store, app, mapping, members);
    store.log.add(event, "Push group to external application", target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const verb = mapping.scimId === undefined ? "creating" : "updating";
    mapping.status = "ERROR";
    mapping.errorSummary = `Unable to update Group Push mapping target App group ${content.name}: Error while ${verb} user group ${content.name}: ${reason}`;
    mapping.lastUpdated = mappingTimestamp();
    store.log.add(event, "Push group to external application", target, mapping.errorSummary);
  }
}

/** The APP_GROUP in Okta shows whom the directory's group holds. */
function mirrorMembers(store: Store, app: App, mapping: PushMapping, scimIds: ReadonlySet<string>): void {
  const group = store.groups.get(mapping.targetGroupId);
  if (group === undefined) return;
  group.members.clear();
  for (const [userId, { scimId }] of app.links) {
    if (scimIds.has(scimId)) group.members.set(userId, { manual: true, rules: new Set() });
  }
  group.lastMembershipUpdated = timestamp();
}

export async function deletePushed(store: Store, app: App, name: string, scimId: string, via: Via): Promise<void> {
  try {
    await deleteGroup(via.send, via.connection, scimId);
    store.log.add("application.provision.group.remove", "Remove group from external application", [appTarget(app)]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const failure = `Error while deleting user group ${name}: ${reason}`;
    store.log.add(
      "application.provision.group.remove",
      "Remove group from external application",
      [appTarget(app)],
      failure,
    );
  }
}
