import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startTenant, type Tenant } from "../sandbox/tenant.ts";

/** A tenant's SCIM service on this machine, as its gateway serves it. */
export interface Service {
  readonly tenant: Tenant;
  /** Sends one request. @throws Error for an answer that is no success */
  readonly send: (request: Request) => Promise<unknown>;
  /** Sends it again on 429, after `Retry-After`; how often it was sent. */
  readonly sendUntilDone: (request: Request) => Promise<number>;
  close(): Promise<void>;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** The `id` of a resource that was answered. */
export const idOf = (body: unknown): string => z.object({ id: z.string() }).parse(body).id;

export const patchOf = (...Operations: object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});

/** The `dev` tenant after its first deployment, so that no org is at work beside the measurement. */
export async function startService(): Promise<Service> {
  const tenant = await startTenant({
    stack: "dev",
    config: new Map([
      ["connection", "pending"],
      ["throttle", '{"ratePerSecond":10000,"burst":5000}'],
    ]),
    port: 0,
  });
  const base = String(tenant.outputs["scimBaseUrl"]);
  const headers = {
    authorization: String(tenant.outputs["scimAuthorization"]),
    "content-type": "application/scim+json",
  };
  const exchange = async ({ method, path, body }: Request): Promise<Response> =>
    fetch(`${base}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const refused = async (request: Request, response: Response): Promise<never> => {
    throw new Error(`${request.method} ${request.path} answered ${response.status} ${await response.text()}`);
  };
  return {
    tenant,
    async send(request) {
      const response = await exchange(request);
      if (!response.ok) return refused(request, response);
      const text = await response.text();
      return text === "" ? undefined : (JSON.parse(text) as unknown);
    },
    async sendUntilDone(request) {
      for (let sent = 1; ; sent += 1) {
        const response = await exchange(request);
        if (response.ok) {
          await response.arrayBuffer();
          return sent;
        }
        if (response.status !== 429) return refused(request, response);
        await response.arrayBuffer();
        await sleep(Number(response.headers.get("retry-after") ?? 1) * 1_000);
      }
    },
    close: () => tenant.close(),
  };
}
