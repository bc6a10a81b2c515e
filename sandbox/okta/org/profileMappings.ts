import { newId } from "./ids.ts";
import type { App, MappingEnd } from "./model.ts";
import { defaultExpressions, scimProfile } from "./profileAttributes.ts";
import { USER_TYPE_ID, type Store } from "./store.ts";

/** Each app has two profile mappings: from Okta's users to the app's, and back. */
export function addProfileMappings(store: Store, app: App): void {
  const user: MappingEnd = { id: USER_TYPE_ID, name: "user", type: "user" };
  const appUser: MappingEnd = { id: app.id, name: app.name, type: "appuser" };
  for (const [source, target] of [
    [appUser, user],
    [user, appUser],
  ] as const) {
    const id = newId("prm");
    store.profileMappings.set(id, { id, source, target, properties: {} });
  }
}

/**
 * After SCIM is on, a custom app's profile has the SCIM attributes, and Okta maps those that it knows. Before, it has
 * only `userName`, which the app's sign-on settings set.
 */
export function switchScimProfileOn(store: Store, app: App): void {
  app.hasScimProfile = true;
  for (const mapping of store.profileMappings.values()) {
    if (mapping.target.id !== app.id) continue;
    for (const [name, expression] of Object.entries(defaultExpressions)) {
      mapping.properties[name] ??= { expression, pushStatus: "PUSH" };
    }
  }
}

/** The current attributes of the app's profile. */
export const profileOf = (app: App): readonly string[] => [
  "userName",
  ...(app.hasScimProfile ? scimProfile : []),
  ...app.customAttributes.keys(),
];
