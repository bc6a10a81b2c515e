import { notFound, refused } from "../org/errors.ts";
import type { App, PushMapping, PushRule } from "../org/model.ts";
import { needApp, needGroup, type Store } from "../org/store.ts";
import { mappingTimestamp } from "../provisioning/groupSync.ts";
import type { Provisioner } from "../provisioning/provisioner.ts";
import { createMapping, setMappingStatus, unlink } from "../provisioning/pushMappings.ts";
import { addPushRule, matchesPushRule } from "../provisioning/pushRules.ts";
import { listTasks, type FailedTask } from "../provisioning/tasks.ts";

/** The app's Push Groups tab, and Dashboard > Tasks. */
export interface PushDesk {
  /** "Push now": sends the whole group again, also after an error. */
  pushNow(mappingId: string): void;
  /** "Find groups by name": pushes a group under its own name or another one. */
  linkGroup(appId: string, groupId: string, targetName?: string): PushMapping;
  /** "Find groups by rule": pushes each group whose name matches, also future ones. */
  addPushRule(appId: string, rule: Pick<PushRule, "name" | "match" | "text">): PushRule;
  /** Ends a rule. The groups that it found stay pushed. */
  removePushRule(appId: string, ruleId: string): void;
  /** The rules with the groups that each finds now. */
  pushRules(
    appId: string,
  ): readonly (Pick<PushRule, "id" | "name" | "match" | "text"> & { readonly groupIds: readonly string[] })[];
  /** "Deactivate group push" and "Activate group push"; an activation pushes everything once more. */
  setPushStatus(mappingId: string, status: "ACTIVE" | "INACTIVE"): void;
  /** "Unlink pushed group", with or without deleting the group in the directory. */
  unlinkGroup(mappingId: string, options: { readonly deleteTargetGroup: boolean }): void;
  /** Dashboard > Tasks: jobs that failed for good and wait for an administrator. */
  tasks(): readonly FailedTask[];
  /** "Retry selected" @throws ApiError if there is no such task */
  retryTask(taskId: string): void;
}

export function createPushDesk(store: Store, provisioner: Provisioner): PushDesk {
  const needMapping = (id: string): { readonly app: App; readonly mapping: PushMapping } => {
    for (const app of store.apps.values()) {
      const mapping = app.pushes.get(id);
      if (mapping !== undefined) return { app, mapping };
    }
    throw notFound(id, "GroupPushMapping");
  };
  return {
    linkGroup: (appId, groupId, targetName) =>
      createMapping(store, needApp(store, appId), {
        sourceGroupId: groupId,
        targetGroupName: targetName ?? needGroup(store, groupId).profile.name,
        status: "ACTIVE",
      }),
    addPushRule: (appId, rule) => addPushRule(store, needApp(store, appId), rule),
    removePushRule: (appId, ruleId) => {
      if (!needApp(store, appId).pushRules.delete(ruleId)) throw notFound(ruleId, "GroupPushRule");
      store.changed();
    },
    pushRules: (appId) =>
      [...needApp(store, appId).pushRules.values()].map((rule) => {
        const { id, name, match, text } = rule;
        const found = [...store.groups.values()].filter((group) => matchesPushRule(rule, group));
        return { ...{ id, name, match, text }, groupIds: found.map((group) => group.id) };
      }),
    pushNow: (mappingId) => {
      const { mapping } = needMapping(mappingId);
      if (mapping.status === "INACTIVE")
        throw refused(400, "E0000001", `The push of ${mapping.sourceName} is deactivated: activate it first`);
      delete mapping.pushed;
      delete mapping.errorSummary;
      mapping.status = "ACTIVE";
      mapping.lastUpdated = mappingTimestamp();
      store.changed();
    },
    setPushStatus: (mappingId, status) => setMappingStatus(store, needMapping(mappingId).mapping, status),
    unlinkGroup: (mappingId, { deleteTargetGroup }) => {
      const { app, mapping } = needMapping(mappingId);
      for (const rule of app.pushRules.values()) rule.unlinked.add(mapping.sourceGroupId);
      setMappingStatus(store, mapping, "INACTIVE");
      unlink(store, app, mapping, { deleteTargetGroup, deleteDownstream: provisioner.deleteDownstream });
    },
    tasks: () => listTasks(store, provisioner).map(({ retry: _retry, ...task }) => task),
    retryTask: (taskId) => {
      const task = listTasks(store, provisioner).find(({ id }) => id === taskId);
      if (task === undefined) throw notFound(taskId, "Task");
      task.retry();
      store.changed();
    },
  };
}
