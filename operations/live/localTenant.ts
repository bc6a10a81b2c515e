import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { OktaAccess } from "./credentials.ts";
import type { LiveStack } from "./stack.ts";

/** Ignored by git. It has one file for each tenant that `npm start` runs in this checkout. */
const FOLDER = fileURLToPath(new URL("../../.sandbox/", import.meta.url));

const localTenant = z.object({
  stack: z.string(),
  /** Address of the tenant's page, which answers the calls. */
  url: z.url(),
  secret: z.string(),
  /** Process that runs the tenant. */
  pid: z.int(),
});
/** A tenant that `npm start` runs in this checkout, with the secret that authorizes this user's commands. */
export type LocalTenant = z.infer<typeof localTenant>;

/** No tenant runs here, or the running tenant is not the named one. The message says what to start. */
class NoLocalTenant extends Error {
  override readonly name = "NoLocalTenant";
}

/**
 * Writes the file by which other commands of this user find a tenant; only this user can read it. A second tenant of
 * the same stack has a file of its own, so that the first one is found again after the second has ended.
 * @param folder where the files are
 * @returns a function that removes the file, unless another tenant has replaced it
 */
export async function announceTenant(tenant: LocalTenant, folder = FOLDER): Promise<() => Promise<void>> {
  const name = join(folder, encodeURIComponent(tenant.stack));
  const holder = await readTenantFile(`${name}.json`);
  const isHeld = holder !== undefined && holder.pid !== tenant.pid && isAlive(holder.pid);
  const file = isHeld ? `${name}.${tenant.pid}.json` : `${name}.json`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.${tenant.pid}`, `${JSON.stringify(tenant)}\n`, { mode: 0o600 });
  await rename(`${file}.${tenant.pid}`, file);
  return async () => {
    if ((await readTenantFile(file))?.secret === tenant.secret) await rm(file, { force: true });
  };
}

/**
 * The tenant that `npm start` runs in this checkout; of several tenants of one stack, the one that started last.
 * @param stack its name; optional if tenants of only one stack run
 * @param folder where the files are
 * @throws NoLocalTenant
 */
export async function findTenant(stack: string | undefined, folder = FOLDER): Promise<LocalTenant> {
  const running = await readRunning(folder);
  const found = stack === undefined ? running : running.filter((tenant) => tenant.stack === stack);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only !== undefined) {
    const stacks = found.map((tenant) => tenant.stack).join(", ");
    throw new NoLocalTenant(`Several tenants run in this checkout (${stacks}): name one with --stack NAME.`);
  }
  throw noTenant(stack);
}

/** The last tenant of each stack. Files of processes that ended without removing them are deleted. */
async function readRunning(folder: string): Promise<readonly LocalTenant[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  const last = new Map<string, { readonly tenant: LocalTenant; readonly since: number }>();
  for (const name of names) {
    const file = join(folder, name);
    const tenant = await readTenantFile(file);
    if (tenant === undefined || !isAlive(tenant.pid)) {
      await rm(file, { force: true });
      continue;
    }
    const since = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (since >= (last.get(tenant.stack)?.since ?? 0)) last.set(tenant.stack, { tenant, since });
  }
  return [...last.values()].map(({ tenant }) => tenant);
}

/**
 * Calls the running tenant. @throws NoLocalTenant if it does not answer; Error with the tenant's own words if it
 * refuses
 */
export async function callTenant(
  tenant: LocalTenant,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(new URL(`control/${path}`, tenant.url), {
    method,
    headers: {
      authorization: `Bearer ${tenant.secret}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw noTenant(tenant.stack, cause);
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  throw new Error(z.object({ error: z.string() }).parse(answer).error);
}

const localStack = z.object({
  stack: z.string(),
  config: z.record(z.string(), z.string()),
  secretKeys: z.array(z.string()),
  outputs: z.record(z.string(), z.unknown()),
  okta: z.object({ url: z.url(), apiToken: z.string() }),
});

/** The stack of the running tenant, and the access to its Okta org. @throws NoLocalTenant */
export async function readLocalStack(
  name: string | undefined,
): Promise<LiveStack & { readonly stack: string; readonly access: OktaAccess }> {
  const { okta, ...stack } = localStack.parse(await callTenant(await findTenant(name), "GET", "stack"));
  return { ...stack, access: { orgUrl: okta.url, token: okta.apiToken } };
}

async function readTenantFile(file: string): Promise<LocalTenant | undefined> {
  try {
    return localTenant.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function noTenant(stack: string | undefined, cause?: unknown): NoLocalTenant {
  const which = stack === undefined ? "No tenant runs" : `No tenant of the stack ${stack} runs`;
  const command = stack === undefined || stack === "dev" ? "npm start" : `npm start -- --stack ${stack}`;
  return new NoLocalTenant(`${which} in this checkout. Run "${command}" first, in another terminal.`, { cause });
}
