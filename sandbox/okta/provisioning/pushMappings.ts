import { invalid } from "../org/errors.ts";
import { mappingTimestamp } from "./groupSync.ts";
import { newId } from "../org/ids.ts";
import type { App, Group, PushMapping } from "../org/model.ts";
import { makeGroup, needGroup, type Store } from "../org/store.ts";

export interface NewMapping {
  readonly sourceGroupId: string;
  readonly targetGroupId?: string | undefined;
  readonly targetGroupName?: string | undefined;
  readonly status: "ACTIVE" | "INACTIVE";
}

/** The APP_GROUP that the mapping fills: the one with the given id, else one with the name, else a new one. */
function targetOf(store: Store, app: App, wanted: NewMapping): Group {
  const { targetGroupId, targetGroupName } = wanted;
  if ((targetGroupId === undefined) === (targetGroupName === undefined)) {
    throw invalid("targetGroupId", "Exactly one of targetGroupId and targetGroupName must be given");
  }
  if (targetGroupId !== undefined) {
    const group = needGroup(store, targetGroupId);
    if (group.type !== "APP_GROUP" || group.appId !== app.id)
      throw invalid("targetGroupId", "The group is not a group of this app");
    return group;
  }
  const name = targetGroupName ?? "";
  const known = [...store.groups.values()].find((group) => group.appId === app.id && group.profile.name === name);
  const group = known ?? makeGroup(name, null, { type: "APP_GROUP", appId: app.id });
  store.groups.set(group.id, group);
  return group;
}

/**
 * Links a group to one in the app and starts pushing it. Okta's answers for a source that is already pushed and for
 * Everyone are not on record [?]: this org refuses both.
 */
export function createMapping(store: Store, app: App, wanted: NewMapping): PushMapping {
  const source = needGroup(store, wanted.sourceGroupId);
  if (source.type === "APP_GROUP") throw invalid("sourceGroupId", "A group that comes from an app cannot be pushed");
  if (source.type === "BUILT_IN") throw invalid("sourceGroupId", `The group ${source.profile.name} cannot be pushed`);
  for (const mapping of app.pushes.values()) {
    if (mapping.sourceGroupId === source.id)
      throw invalid("sourceGroupId", "The group is pushed to this app already; unlink it on the Push Groups tab first");
  }
  const target = targetOf(store, app, wanted);
  const now = mappingTimestamp();
  const mapping: PushMapping = {
    id: newId("gPm"),
    appId: app.id,
    sourceGroupId: source.id,
    targetGroupId: target.id,
    status: wanted.status,
    sourceName: source.profile.name,
    created: now,
    lastUpdated: now,
  };
  app.pushes.set(mapping.id, mapping);
  store.changed();
  return mapping;
}

/** An activation pushes everything once more. */
export function setMappingStatus(store: Store, mapping: PushMapping, status: "ACTIVE" | "INACTIVE"): void {
  if (status === "ACTIVE" && mapping.status !== "ACTIVE") delete mapping.pushed;
  delete mapping.errorSummary;
  mapping.status = status;
  mapping.lastUpdated = mappingTimestamp();
  store.changed();
}

export interface Unlinking {
  readonly deleteTargetGroup: boolean;
  readonly deleteDownstream: (app: App, name: string, scimId: string) => void;
}

/** Ends a mapping. The directory receives a request only if its group is to be deleted too. */
export function unlink(store: Store, app: App, mapping: PushMapping, options: Unlinking): void {
  if (mapping.status !== "INACTIVE")
    throw invalid("status", "A group push mapping must be INACTIVE before it can be deleted");
  const name = store.groups.get(mapping.targetGroupId)?.profile.name ?? mapping.sourceName;
  app.pushes.delete(mapping.id);
  if (options.deleteTargetGroup) {
    store.groups.delete(mapping.targetGroupId);
    if (mapping.scimId !== undefined) options.deleteDownstream(app, name, mapping.scimId);
  }
  store.changed();
}
