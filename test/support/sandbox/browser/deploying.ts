import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { RunningTenant } from "../../e2e/support.ts";

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

/** Keeps a deployment running: others always wait behind it. @returns a function that lets the last ones end */
export function keepDeploying(tenant: RunningTenant, folder: string): () => Promise<void> {
  let isOver = false;
  const lane = async (): Promise<void> => {
    while (!isOver) await up(tenant, folder);
  };
  const lanes = Promise.all([lane(), lane(), lane()]);
  return async () => {
    isOver = true;
    await lanes;
  };
}
