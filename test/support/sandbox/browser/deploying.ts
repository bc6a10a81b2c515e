import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ProjectCopy, RunningTenant } from "../../e2e/support.ts";

/**
 * A deployment as `npm run up` asks for it.
 * @param folder the one that the tenant was started in
 */
export async function up(
  { ready }: RunningTenant,
  folder: string,
  config: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const file = await readFile(join(folder, ".sandbox", `${ready.stack}.json`), "utf8");
  const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(file));
  const response = await fetch(new URL("control/up", ready.console), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
    body: JSON.stringify({ config }),
  });
  return response.json();
}

/** Starts a deployment that runs until the returned function is called, which waits for its end. */
export async function keepDeploying(tenant: RunningTenant, project: ProjectCopy): Promise<() => Promise<void>> {
  const letGo = await project.holdDeployments();
  const ended = up(tenant, project.folder);
  return async () => {
    await letGo();
    await ended;
  };
}
