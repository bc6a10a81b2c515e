import type { Provisioning } from "../config/keys.ts";

/** One entry of an Okta application's read-only `features`, and its name in the Admin Console. */
export interface Feature {
  readonly feature: string;
  readonly console: string;
}

export interface FeatureReport {
  /** Needed, but off in Okta: without them, nobody is provisioned or no group is pushed. */
  readonly missing: readonly Feature[];
  /** On, but not needed: imports write into Okta, and the others send more than `provisioning` allows. */
  readonly unwanted: readonly Feature[];
}

/** Compares an app's `features` with those that the tenant needs. Ignores features that make no difference. */
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

/** Features for people to read: `Create Users (PUSH_NEW_USERS), …`. */
export const featureNames = (features: readonly Feature[]): string[] =>
  features.map(({ feature, console }) => `${console} (${feature})`);
