import { z } from "zod";
import type { Tenant } from "../tenant/tenant.ts";

/** Deployments that the page asks for: one at a time, each on top of the ones before. */
export interface Deployments {
  readonly running: boolean;
  /** @throws DeploymentError with the message that `pulumi up` would print; what it was given is forgotten then */
  up(overrides: Readonly<Record<string, string>>): Promise<void>;
  tokenGeneration(): number;
  /** Whether the stack makes the directory, or is given the address and token of one that exists. */
  isManaged(): boolean;
}

const endpoint = z.object({ kind: z.string() });

export function createDeployments(tenant: Tenant, onChange: () => void): Deployments {
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
