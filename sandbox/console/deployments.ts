import type { Tenant } from "../tenant.ts";

/** Deployments that the page asks for: one at a time, each on top of the ones before. */
export interface Deployments {
  readonly running: boolean;
  /** @throws DeploymentError with the message that `pulumi up` would print; what it was given is forgotten then */
  up(overrides: Readonly<Record<string, string>>): Promise<void>;
  tokenGeneration(): number;
}

export function createDeployments(tenant: Tenant, onChange: () => void): Deployments {
  let overrides: Readonly<Record<string, string>> = {};
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    get running() {
      return waiting > 0;
    },
    tokenGeneration: () => Number(tenant.config.values["okta-scim-directory:tokenGeneration"] ?? 1),
    up: (more) => {
      waiting += 1;
      onChange();
      const work = last.then(async () => {
        const wanted = { ...overrides, ...more };
        await tenant.up(wanted);
        overrides = wanted;
      });
      last = work
        .catch(() => undefined)
        .finally(() => {
          waiting -= 1;
          onChange();
        });
      return work;
    },
  };
}
