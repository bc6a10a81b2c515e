import { createsUsers } from "./assignments.ts";
import { timestamp } from "../org/ids.ts";
import type { App, MappingProperty, User } from "../org/model.ts";
import { attributesOf, type UserAttributes } from "../scimClient/attributes.ts";
import type { Connection, Send } from "../scimClient/transport.ts";
import { deactivate, provision, update } from "../scimClient/users.ts";
import { appTarget, loginOf, userTarget, type Store } from "../org/store.ts";

export type UserStep =
  | { readonly kind: "provision"; readonly attributes: UserAttributes; readonly text: string }
  | { readonly kind: "update"; readonly scimId: string; readonly attributes: UserAttributes; readonly text: string }
  | { readonly kind: "deactivate"; readonly scimId: string };

/** The current mapping from Okta's profile to the app's. */
function mappingOf(store: Store, app: App): Readonly<Record<string, MappingProperty>> {
  for (const mapping of store.profileMappings.values()) if (mapping.target.id === app.id) return mapping.properties;
  return {};
}

/** `DONT_PUSH` attributes are set when a record is created or linked, and not changed afterwards. */
const pushedOnly = (mapping: Readonly<Record<string, MappingProperty>>): Record<string, MappingProperty> =>
  Object.fromEntries(Object.entries(mapping).filter(([, { pushStatus }]) => pushStatus === "PUSH"));

/** The changes to send for one person so that the directory matches Okta; undefined if there are none. */
export function nextUserStep(store: Store, app: App, userId: string): UserStep | undefined {
  const { provisioning } = app;
  if (provisioning === undefined) return undefined;
  const assigned = app.users.get(userId);
  const link = app.links.get(userId);
  const user = store.users.get(userId);
  if (assigned === undefined || user === undefined) {
    if (link?.attached !== true || !provisioning.toApp.deactivateUsers) return undefined;
    return { kind: "deactivate", scimId: link.scimId };
  }
  // A suspension is not sent (Okta's SCIM reference). Whether other changes are sent during it is not on record [?]:
  // here none are.
  if (assigned.held || user.status === "SUSPENDED") return undefined;
  const mapping = mappingOf(store, app);
  const attributes = attributesOf(app, user, pushedOnly(mapping));
  const text = JSON.stringify(attributes);
  if (assigned.failed === text) return undefined;
  if (link?.attached !== true) {
    if (!createsUsers(app)) return undefined;
    return { kind: "provision", attributes: attributesOf(app, user, mapping), text };
  }
  const updates = provisioning.actions.pushProfileUpdates && provisioning.toApp.updateUserAttributes;
  if (!updates || link.sent === text) return undefined;
  return { kind: "update", scimId: link.scimId, attributes, text };
}

/** Performs the step and stores its outcome. A failure is stored on the app user and in the System Log, not thrown. */
export async function doUserStep(
  store: Store,
  app: App,
  userId: string,
  step: UserStep,
  via: { readonly send: Send; readonly connection: Connection },
): Promise<void> {
  const user = store.users.get(userId);
  const target = [appTarget(app), ...(user === undefined ? [] : [userTarget(user)])];
  const known = app.links.get(userId);
  const [event, text] = describe(step, known !== undefined);
  try {
    if (step.kind === "provision") {
      await provision(via.send, via.connection, step.attributes, (scimId) => {
        app.links.set(userId, { scimId, attached: true, sent: "" });
      });
      const linked = app.links.get(userId);
      if (linked !== undefined) linked.sent = step.text;
    } else if (step.kind === "update") {
      await update(via.send, via.connection, step.scimId, step.attributes);
      app.links.set(userId, { scimId: step.scimId, attached: true, sent: step.text });
    } else {
      if (known !== undefined) known.attached = false;
      await deactivate(via.send, via.connection, step.scimId);
    }
    settleAppUser(app, userId);
    store.log.add(event, text, target);
  } catch (error) {
    const reason = failureText(step, app, user, error instanceof Error ? error.message : String(error));
    if (step.kind !== "deactivate") settleAppUser(app, userId, { failed: step.text, error: reason });
    else if (known !== undefined) known.failure = reason;
    store.log.add(event, text, target, reason);
  }
}

function settleAppUser(app: App, userId: string, failure?: { failed: string; error: string }): void {
  const appUser = app.users.get(userId);
  if (appUser === undefined) return;
  delete appUser.failed;
  delete appUser.error;
  Object.assign(appUser, failure, { lastUpdated: timestamp() });
}

function describe(step: UserStep, known: boolean): [event: string, text: string] {
  if (step.kind === "update")
    return ["application.provision.user.push_profile", "Push user's profile to external application"];
  if (step.kind === "deactivate")
    return ["application.provision.user.deactivate", "Deactivate user in external application"];
  if (known) return ["application.provision.user.reactivate", "Reactivate user in external application"];
  return ["application.provision.user.push", "Push new user to external application"];
}

/** The title of a failed task in the Admin Console. */
function failureText(step: UserStep, app: App, user: User | undefined, reason: string): string {
  const who = user === undefined ? "the user" : loginOf(user);
  if (step.kind === "provision") {
    return `Automatic provisioning of user ${who} to app ${app.label} failed: Error while creating user ${who}: ${reason}`;
  }
  if (step.kind === "update") {
    return `Automatic profile push of user ${who} to app ${app.label} failed: Error while trying to push profile update for ${who}: ${reason}`;
  }
  return `Automatic deactivation of user ${who} in app ${app.label} failed: Error while deactivating user ${who}: ${reason}`;
}
