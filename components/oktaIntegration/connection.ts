import * as pulumi from "@pulumi/pulumi";
import { compareFeatures, featureNames, type Provisioning } from "../config/okta.ts";
import { UserError } from "../config/errors.ts";

export interface WantedConnection {
  readonly label: string;
  readonly provisioning: Provisioning;
  readonly pushesGroups: boolean;
}

const list = (names: readonly string[]): string => names.map((name) => `  - ${name}`).join("\n");

/**
 * Refuses to assign or push anything through a connection that is not really on, and warns of what is on besides.
 * @param steps what a person has to do in the Admin Console, with this tenant's values
 * @throws UserError that names each missing feature and the steps that switch it on
 */
export async function verifyFeatures(
  features: readonly string[],
  wanted: WantedConnection,
  steps: readonly string[],
): Promise<void> {
  const { missing, unwanted } = compareFeatures(features, wanted.provisioning, wanted.pushesGroups);
  if (missing.length > 0) {
    throw new UserError(
      `connection is ready, but the Okta app "${wanted.label}" does not provision yet. Okta reports these as off:\n${list(featureNames(missing))}\n` +
        `Nothing was assigned or pushed anew. Do this, and run pulumi up again:\n${list(steps)}\n` +
        `Leave connection at ready once people are assigned: pending takes the assignment and the pushed groups back.`,
    );
  }
  if (unwanted.length > 0) {
    await pulumi.log.warn(
      `the Okta app "${wanted.label}" has more switched on than this tenant asks for:\n${list(featureNames(unwanted))}\n` +
        `Switch them off on the app's Provisioning tab in the Okta Admin Console.`,
    );
  }
}
