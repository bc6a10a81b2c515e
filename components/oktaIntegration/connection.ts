import * as pulumi from "@pulumi/pulumi";
import { compareFeatures, featureNames, type Provisioning } from "../configOkta.ts";
import { UserError } from "../errors.ts";

export interface WantedConnection {
  readonly label: string;
  readonly provisioning: Provisioning;
  readonly pushesGroups: boolean;
}

const list = (names: readonly string[]): string => names.map((name) => `  - ${name}`).join("\n");

/**
 * Refuses to assign or push anything through a connection that is not really on, and warns of what is on besides.
 * @throws UserError that names each missing feature and where to switch it on.
 */
export async function verifyFeatures(features: readonly string[], wanted: WantedConnection): Promise<void> {
  const { missing, unwanted } = compareFeatures(features, wanted.provisioning, wanted.pushesGroups);
  if (missing.length > 0) {
    throw new UserError(
      `connection is ready, but the Okta app "${wanted.label}" does not provision yet. Okta reports these as off:\n${list(featureNames(missing))}\n` +
        `Nothing was assigned or pushed. Set connection to pending, run the deployment, follow its output nextSteps in the Okta ` +
        `Admin Console, then set connection to ready again.`,
    );
  }
  if (unwanted.length > 0) {
    await pulumi.log.warn(
      `the Okta app "${wanted.label}" has more switched on than this tenant asks for:\n${list(featureNames(unwanted))}\n` +
        `Switch them off on the app's Provisioning tab in the Okta Admin Console.`,
    );
  }
}
