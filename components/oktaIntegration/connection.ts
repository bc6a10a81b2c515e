import { UserError } from "../errors.ts";

export interface Provisioning {
  readonly createUsers: boolean;
  readonly updateUserAttributes: boolean;
  readonly deactivateUsers: boolean;
}

interface Wanted {
  readonly feature: string;
  readonly console: string;
}

/** The features that the app must report (`features` of an Okta application), and where the console switches each on. */
function wantedFeatures(provisioning: Provisioning, pushesGroups: boolean): Wanted[] {
  const all: (Wanted & { wanted: boolean })[] = [
    { wanted: provisioning.createUsers, feature: "PUSH_NEW_USERS", console: "Create Users" },
    { wanted: provisioning.updateUserAttributes, feature: "PUSH_PROFILE_UPDATES", console: "Update User Attributes" },
    { wanted: provisioning.deactivateUsers, feature: "PUSH_USER_DEACTIVATION", console: "Deactivate Users" },
    { wanted: pushesGroups, feature: "GROUP_PUSH", console: "Push Groups" },
  ];
  return all.filter(({ wanted }) => wanted);
}

/**
 * Refuses to assign or push anything through a connection that is not really on.
 * @throws UserError that names each missing feature and where to switch it on.
 */
export function verifyFeatures(
  features: readonly string[],
  wanted: { readonly label: string; readonly provisioning: Provisioning; readonly pushesGroups: boolean },
): void {
  const missing = wantedFeatures(wanted.provisioning, wanted.pushesGroups).filter(
    ({ feature }) => !features.includes(feature),
  );
  if (missing.length === 0) return;
  const list = missing.map(({ feature, console }) => `  - ${console} (${feature})`).join("\n");
  throw new UserError(
    `connection is ready, but the Okta app "${wanted.label}" does not provision yet. Okta reports these as off:\n${list}\n` +
      `Nothing was assigned or pushed. Set connection to pending, run the deployment, follow its output nextSteps in the Okta ` +
      `Admin Console, then set connection to ready again.`,
  );
}
