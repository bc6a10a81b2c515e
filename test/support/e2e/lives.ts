import { expect } from "vitest";
import type { Check, State } from "../../../operations/verify/check.ts";
import { readDirectory } from "../../../sandbox/tenant/directoryView.ts";
import type { Tenant } from "../../../sandbox/tenant/tenant.ts";

/** Calls the Management API of a tenant's org. Fails the test for an answer of 300 or more. */
export type Okta = (method: string, path: string, body?: unknown) => Promise<unknown>;

export const oktaApi =
  ({ org }: Tenant): Okta =>
  async (method, path, body) => {
    const response = await fetch(`${org.url}/api/v1${path}`, {
      method,
      headers: { authorization: `SSWS ${org.apiToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.status, text).toBeLessThan(300);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };

export const stateOf = (checks: readonly Check[], id: string): State | undefined =>
  checks.find((check) => check.id === id)?.state;

/** The ids of the checks that are wrong. */
export const wrongIn = (checks: readonly Check[]): string[] =>
  checks.filter(({ state }) => state === "wrong").map(({ id }) => id);

/** The directory's groups and the number of members of each. */
export async function groupsOf({ outputs }: Tenant): Promise<Record<string, number>> {
  const { groups } = await readDirectory(String(outputs["scimBaseUrl"]), String(outputs["scimToken"]));
  return Object.fromEntries(groups.map(({ displayName, members }) => [displayName, members.length]));
}

/** The message of a deployment that failed; undefined for one that succeeded. */
export const failureOf = (work: Promise<void>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
