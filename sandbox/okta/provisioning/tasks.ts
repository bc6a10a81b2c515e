import type { App } from "../org/model.ts";
import type { Provisioner } from "./provisioner.ts";
import { loginOf, type Store } from "../org/store.ts";

/** A provisioning job that failed for good: the Admin Console lists it under Dashboard > Tasks until it is retried. */
export interface FailedTask {
  readonly id: string;
  readonly appId: string;
  readonly kind: "create user" | "update user" | "deactivate user" | "push group" | "delete group";
  /** The person's login or the group's name. */
  readonly subject: string;
  /** The message for the administrator, including the server's `detail`. */
  readonly message: string;
}

interface Retryable extends FailedTask {
  readonly retry: () => void;
}

function userTasks(store: Store, app: App): Retryable[] {
  const login = (userId: string): string => {
    const user = store.users.get(userId);
    return user === undefined ? userId : loginOf(user);
  };
  const assigned = [...app.users.values()].flatMap((appUser): Retryable[] => {
    if (appUser.error === undefined) return [];
    const { userId, error: message } = appUser;
    const kind = app.links.get(userId)?.attached === true ? "update user" : "create user";
    const retry = (): void => {
      delete appUser.failed;
      delete appUser.error;
    };
    return [{ id: `${app.id}/user/${userId}`, appId: app.id, kind, subject: login(userId), message, retry }];
  });
  const unassigned = [...app.links].flatMap(([userId, link]): Retryable[] => {
    if (link.failure === undefined) return [];
    const retry = (): void => {
      delete link.failure;
      link.attached = true;
    };
    const about = { id: `${app.id}/deactivation/${userId}`, appId: app.id, subject: login(userId) };
    return [{ ...about, kind: "deactivate user", message: link.failure, retry }];
  });
  return [...assigned, ...unassigned];
}

function groupTasks(app: App, provisioner: Provisioner): Retryable[] {
  const pushes = [...app.pushes.values()].flatMap((mapping): Retryable[] => {
    if (mapping.status !== "ERROR") return [];
    const retry = (): void => {
      mapping.status = "ACTIVE";
      delete mapping.pushed;
      delete mapping.errorSummary;
    };
    const about = { id: `${app.id}/push/${mapping.id}`, appId: app.id, subject: mapping.sourceName };
    return [{ ...about, kind: "push group", message: mapping.errorSummary ?? "", retry }];
  });
  const deletions = [...app.undeleted].map(([scimId, { name, error }]): Retryable => {
    const retry = (): void => {
      app.undeleted.delete(scimId);
      provisioner.deleteDownstream(app, name, scimId);
    };
    const about = { id: `${app.id}/deletion/${scimId}`, appId: app.id, subject: name };
    return { ...about, kind: "delete group", message: error, retry };
  });
  return [...pushes, ...deletions];
}

/** Every task that waits for an administrator, by app. */
export const listTasks = (store: Store, provisioner: Provisioner): Retryable[] =>
  [...store.apps.values()].flatMap((app) => [...userTasks(store, app), ...groupTasks(app, provisioner)]);
