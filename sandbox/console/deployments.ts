import { z } from "zod";
import type { Change, Tenant } from "../tenant/tenant.ts";

/** Deployments that the page and `npm run up` start: one at a time, each on top of the previous ones. */
export interface Deployments {
  readonly running: boolean;
  /**
   * Deploys the stack's current file with all earlier overrides and these.
   * @param onChange called for each resource that changes, even if the deployment fails later
   * @param options.refresh reads org and cloud first
   * @throws DeploymentError with the message that `pulumi up` would print; these overrides are then forgotten
   */
  up(
    overrides: Readonly<Record<string, string>>,
    onChange?: (change: Change) => void,
    options?: { readonly refresh?: boolean },
  ): Promise<void>;
  tokenGeneration(): number;
  /** Whether the stack creates the directory, instead of using the address and token of an existing one. */
  isManaged(): boolean;
}

const endpoint = z.object({ kind: z.string() });

export function createDeployments(tenant: Tenant, onStateChange: () => void): Deployments {
  let overrides: Readonly<Record<string, string>> = {};
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    get running() {
      return waiting > 0;
    },
    isManaged: () => {
      const set = tenant.config.values["okta-scim-directory:endpoint"];
      return set === undefined || endpoint.parse(JSON.parse(set)).kind === "managed";
    },
    tokenGeneration: () => Number(tenant.config.values["okta-scim-directory:tokenGeneration"] ?? 1),
    up: (more, onChange, options) => {
      waiting += 1;
      onStateChange();
      const work = last.then(async () => {
        const wanted = { ...overrides, ...more };
        await tenant.up(wanted, onChange, options);
        overrides = wanted;
      });
      last = work
        .catch(() => undefined)
        .finally(() => {
          waiting -= 1;
          onStateChange();
        });
      return work;
    },
  };
}
