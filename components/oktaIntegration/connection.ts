import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../config/errors.ts";
import type { Provisioning } from "../config/keys.ts";
import { compareFeatures, featureNames } from "./features.ts";

export interface WantedConnection {
  readonly label: string;
  readonly id: string;
  readonly provisioning: Provisioning;
  readonly pushesGroups: boolean;
  readonly stack: string;
}

const list = (names: readonly string[]): string => names.map((name) => `  - ${name}`).join("\n");

/**
 * Refuses to assign or push anything through a connection that does not provision yet. Warns of features that are on
 * but not needed.
 * @param steps the console steps with this tenant's values, as sentences
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
      `connection is ready, but the Okta app "${wanted.label}" does not provision yet. Okta reports these as off (app ${wanted.id}):\n${list(featureNames(missing))}\n` +
        `This deployment assigned and pushed nothing new. The outputs that the steps name are those of the last successful deployment. If this deployment changes the endpoint, follow "Move to another endpoint" in docs/recipes.md. Otherwise do the following, then run "pulumi up --stack ${wanted.stack}" again:\n${list(steps)}\n` +
        `Leave connection at ready once people are assigned: pending removes the assignment and the pushed groups.`,
    );
  }
  if (unwanted.length > 0) {
    await pulumi.log.warn(
      `the Okta app "${wanted.label}" has features on that this tenant does not need:\n${list(featureNames(unwanted))}\n` +
        `Switch them off on the app's Provisioning tab in the Okta Admin Console.`,
    );
  }
}
