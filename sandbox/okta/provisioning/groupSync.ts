import { timestamp } from "../org/ids.ts";
import type { App, PushMapping } from "../org/model.ts";
import {
  deleteGroup,
  findOrCreate,
  pushAll,
  pushChange,
  type GroupContent,
  type Member,
} from "../scimClient/groups.ts";
import { userNameOf } from "../scimClient/attributes.ts";
import type { Connection, Send } from "../scimClient/transport.ts";
import { appTarget, groupTarget, type Store } from "../org/store.ts";

/** Okta's timestamps of mappings have no milliseconds. */
export const mappingTimestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");

interface SourceMembers {
  /** The members that are sent. Suspended people are not sent (help.okta.com, "Group Push"). */
  readonly members: readonly Member[];
  /** SCIM ids of these members and of the suspended ones. */
  readonly people: readonly string[];
}

/**
 * People of the source group who are also assigned and provisioned. Nobody else is pushed (help.okta.com, "Group
 * Push").
 */
function membersOf(store: Store, app: App, mapping: PushMapping): SourceMembers {
  const members: Member[] = [];
  const people: string[] = [];
  for (const userId of store.groups.get(mapping.sourceGroupId)?.members.keys() ?? []) {
    const user = store.users.get(userId);
    const link = app.links.get(userId);
    if (user === undefined || link?.attached !== true || !app.users.has(userId)) continue;
    people.push(link.scimId);
    if (user.status !== "SUSPENDED") members.push({ value: link.scimId, display: userNameOf(app, user) });
  }
  return { members, people };
}

/**
 * The target takes the source's new name, unless "Rename app groups" is off. The behaviour of a mapping whose source is
 * deleted is not on record [?]: here it shows an error, and the directory's group is left alone.
 */
export function followSource(store: Store, app: App, mapping: PushMapping): void {
  const source = store.groups.get(mapping.sourceGroupId);
  const target = store.groups.get(mapping.targetGroupId);
  if (source === undefined) {
    if (mapping.status !== "ACTIVE") return;
    mapping.status = "ERROR";
    mapping.errorSummary = `The source group ${mapping.sourceName} was deleted`;
    mapping.lastUpdated = mappingTimestamp();
    return;
  }
  if (source.profile.name === mapping.sourceName) return;
  mapping.sourceName = source.profile.name;
  if (target !== undefined && app.provisioning?.renameAppGroups !== false) {
    target.profile = { ...target.profile, name: source.profile.name };
  }
}

export interface Push {
  readonly content: GroupContent;
  readonly people: readonly string[];
}

/**
 * The content that the mapping would push now; undefined if the directory already has it or the mapping does not push.
 * A suspension, or its end, does not cause a push by itself: the next change or "Push now" does.
 */
export function nextPush(store: Store, app: App, mapping: PushMapping): Push | undefined {
  const target = store.groups.get(mapping.targetGroupId);
  if (mapping.status !== "ACTIVE" || app.provisioning?.actions.pushGroups !== true || target === undefined)
    return undefined;
  const { members, people } = membersOf(store, app, mapping);
  const push = { content: { name: target.profile.name, members }, people };
  const { pushed } = mapping;
  if (pushed === undefined || pushed.name !== push.content.name) return push;
  const before = new Set(pushed.people);
  const same = before.size === people.length && people.every((id) => before.has(id));
  return same ? undefined : push;
}

interface Via {
  readonly send: Send;
  readonly connection: Connection;
}

/** Pushes and stores the outcome. A failure puts the mapping in ERROR, with the server's message. */
export async function push(
  store: Store,
  app: App,
  mapping: PushMapping,
  { content, people }: Push,
  { send, connection }: Via,
): Promise<void> {
  const source = store.groups.get(mapping.sourceGroupId);
  const target = [appTarget(app), ...(source === undefined ? [] : [groupTarget(source)])];
  const isNew = mapping.scimId === undefined;
  const event = isNew ? "application.provision.group.add" : "application.provision.group_push.updated";
  try {
    mapping.scimId ??= await findOrCreate(send, connection, content.name);
    if (mapping.pushed === undefined) await pushAll(send, connection, mapping.scimId, content);
    else await pushChange(send, connection, mapping.scimId, content, mapping.pushed.members);
    const members = content.members.map(({ value }) => value);
    mapping.pushed = { name: content.name, members, people };
    mapping.lastPush = mappingTimestamp();
    delete mapping.errorSummary;
    mirrorMembers(store, app, mapping, new Set(members));
    store.log.add(event, "Push group to external application", target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    mapping.status = "ERROR";
    mapping.errorSummary = `Unable to update Group Push mapping target App group ${content.name}: Error while ${isNew ? "creating" : "updating"} user group ${content.name}: ${reason}`;
    mapping.lastUpdated = mappingTimestamp();
    store.log.add(event, "Push group to external application", target, mapping.errorSummary);
  }
}

/** The APP_GROUP in Okta shows the members of the directory's group. */
function mirrorMembers(store: Store, app: App, mapping: PushMapping, scimIds: ReadonlySet<string>): void {
  const group = store.groups.get(mapping.targetGroupId);
  if (group === undefined) return;
  group.members.clear();
  for (const [userId, { scimId }] of app.links) {
    if (scimIds.has(scimId)) group.members.set(userId, { manual: true, rules: new Set() });
  }
  group.lastMembershipUpdated = timestamp();
}

/** Deletes a pushed group in the directory. A failure is stored on the app and in the System Log. */
export async function deletePushed(store: Store, app: App, name: string, scimId: string, via: Via): Promise<void> {
  const event = "application.provision.group.remove";
  const text = "Remove group from external application";
  try {
    await deleteGroup(via.send, via.connection, scimId);
    store.log.add(event, text, [appTarget(app)]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const failure = `Error while deleting user group ${name}: ${reason}`;
    app.undeleted.set(scimId, { name, error: failure });
    store.log.add(event, text, [appTarget(app)], failure);
  }
}
