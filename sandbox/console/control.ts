import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { messageOf } from "../support/errors.ts";
import { hideSecrets } from "../tenant/outputs.ts";
import type { Change } from "../tenant/deploymentEvents.ts";
import { BadRequest } from "./badRequest.ts";
import type { Parts } from "./routes.ts";

/** The result of a deployment for `npm run up`, whether it succeeded or not. Secret outputs read `[secret]` unless `showSecrets` is asked. */
export interface UpResult {
  readonly ok: boolean;
  readonly error?: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly changes: readonly Change[];
}

const upRequest = z.object({
  config: z.record(z.string(), z.string()).default({}),
  refresh: z.boolean().default(false),
  showSecrets: z.boolean().default(false),
});

export const isControl = (path: string): boolean => path.startsWith("/control/");

/**
 * The calls that other processes of this user may make to the running tenant. They prove themselves by the secret in a
 * file that only this user can read.
 */
export function controlRoutes({ tenant, deployments }: Parts, secret: string): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (!isSame(context.req.header("authorization") ?? "", `Bearer ${secret}`))
      throw new BadRequest(401, "The secret does not belong to this tenant.");
    await next();
  });
  app.post("/up", async (context) => {
    const asked = upRequest.safeParse(await context.req.json());
    if (!asked.success)
      throw new BadRequest(
        400,
        "config must be an object whose values are strings, refresh and showSecrets must be true or false",
      );
    const { config, refresh, showSecrets } = asked.data;
    const changes: Change[] = [];
    const result = (more: Pick<UpResult, "ok" | "error">): UpResult => ({
      ...more,
      outputs: showSecrets ? tenant.outputs : hideSecrets(tenant.outputs, tenant.secretOutputs),
      changes,
    });
    try {
      await deployments.up({ title: "npm run up", startedBy: "npm run up", set: config, refresh }, (event) => {
        if (event.kind !== "change") return;
        const { op, urn } = event;
        // The engine also tells of the deletion of the old resource of a replacement.
        if (op !== "delete" || !changes.some((change) => change.urn === urn)) changes.push({ op, urn });
      });
      return Response.json(result({ ok: true }));
    } catch (error) {
      return Response.json(result({ ok: false, error: messageOf(error) }));
    }
  });
  /** The tenant as `verify` needs it, with outputs in clear. */
  app.get("/stack", () => {
    const { stack, config, outputs, org } = tenant;
    const { url, apiToken } = org;
    return Response.json({
      stack,
      config: config.values,
      secretKeys: config.secretKeys,
      outputs,
      okta: { url, apiToken },
    });
  });
  return app;
}

/** In constant time. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
