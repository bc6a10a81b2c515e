/** What a configuration means in Okta's own terms. Declared by the program, and read back by `verify`. */

/** Nobody signs in through this app, so its sign-on settings lead nowhere on purpose (`.invalid`, RFC 2606). */
export const DUMMY_URL = "https://scim-only.invalid/";

/** The catalogue's "SCIM 2.0 Test App (Header Auth)", by the name that Okta's API knows it by. */
export const CATALOGUE_APP = "scim2headerauth";

/** The userName formats that Okta's console offers ready-made; every other expression is a custom one. */
const builtInTemplates: ReadonlySet<string> = new Set([
  "${source.login}",
  "${source.email}",
  '${fn:substringBefore(source.login, "@")}',
  '${fn:substringBefore(source.email, "@")}',
]);

/** `userNameTemplate.type` of an Okta application. */
export const userNameTemplateType = (template: string): "BUILT_IN" | "CUSTOM" =>
  builtInTemplates.has(template) ? "BUILT_IN" : "CUSTOM";

export interface Provisioning {
  readonly createUsers: boolean;
  readonly updateUserAttributes: boolean;
  readonly deactivateUsers: boolean;
}

/** One entry of an Okta application's read-only `features`, and what the Admin Console calls it. */
export interface Feature {
  readonly feature: string;
  readonly console: string;
}

export interface FeatureReport {
  /** Wanted, but Okta reports them as off: nobody would be provisioned, or no group pushed. */
  readonly missing: readonly Feature[];
  /** On, though nothing asks for them: imports write into Okta, the others send more than `provisioning` says. */
  readonly unwanted: readonly Feature[];
}

/** Compares an app's `features` with what the tenant needs. Features that neither helps nor harms are left out. */
export function compareFeatures(
  features: readonly string[],
  provisioning: Provisioning,
  pushesGroups: boolean,
): FeatureReport {
  const known: readonly (Feature & { readonly wanted: boolean | "either" })[] = [
    { wanted: provisioning.createUsers, feature: "PUSH_NEW_USERS", console: "Create Users" },
    { wanted: provisioning.updateUserAttributes, feature: "PUSH_PROFILE_UPDATES", console: "Update User Attributes" },
    { wanted: provisioning.deactivateUsers, feature: "PUSH_USER_DEACTIVATION", console: "Deactivate Users" },
    { wanted: pushesGroups || "either", feature: "GROUP_PUSH", console: "Push Groups" },
    { wanted: false, feature: "IMPORT_NEW_USERS", console: "Import New Users" },
    { wanted: false, feature: "IMPORT_PROFILE_UPDATES", console: "Import Profile Updates" },
    { wanted: false, feature: "PROFILE_MASTERING", console: "Profile sourcing" },
    { wanted: false, feature: "PUSH_PASSWORD_UPDATES", console: "Sync Password" },
  ];
  const pick = (test: (wanted: boolean | "either", on: boolean) => boolean): Feature[] =>
    known
      .filter(({ wanted, feature }) => test(wanted, features.includes(feature)))
      .map(({ feature, console }) => ({ feature, console }));
  return {
    missing: pick((wanted, on) => wanted === true && !on),
    unwanted: pick((wanted, on) => wanted === false && on),
  };
}

/** Features as a person reads them: `Create Users (PUSH_NEW_USERS), …`. */
export const featureNames = (features: readonly Feature[]): string[] =>
  features.map(({ feature, console }) => `${console} (${feature})`);
