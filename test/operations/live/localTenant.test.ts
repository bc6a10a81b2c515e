import { mkdtemp, readFile, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it, onTestFinished } from "vitest";
import { announceTenant, findTenant, type LocalTenant } from "../../../operations/live/localTenant.ts";

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A tenant of a process that runs as long as this test. */
const tenantOf = (secret: string, pid: number, stack = "dev"): LocalTenant => ({
  ...{ stack, secret, pid },
  url: "http://127.0.0.1:8481/",
});
const first = tenantOf("first", process.pid);
const second = tenantOf("second", process.ppid);

describe("a second tenant of the same stack in a checkout", () => {
  it("is found while it runs, and the first one is found again after it ended", async () => {
    const folder = await newFolder();
    const endFirst = await announceTenant(first, folder);
    await utimes(join(folder, "dev.json"), 1, 1);
    const endSecond = await announceTenant(second, folder);
    expect(await findTenant("dev", folder)).toEqual(second);
    expect(await findTenant(undefined, folder)).toEqual(second);
    await endSecond();
    expect(await readdir(folder)).toEqual(["dev.json"]);
    expect(await findTenant(undefined, folder)).toEqual(first);
    await endFirst();
    expect(await readdir(folder)).toEqual([]);
    await expect(findTenant("dev", folder)).rejects.toThrow("No tenant of the stack dev runs in this checkout.");
  });

  it("stays after the first one ended", async () => {
    const folder = await newFolder();
    const endFirst = await announceTenant(first, folder);
    const endSecond = await announceTenant(second, folder);
    await endFirst();
    expect(await findTenant("dev", folder)).toEqual(second);
    await endSecond();
    expect(await readdir(folder)).toEqual([]);
  });

  it("does not make the stack ambiguous, as a tenant of another stack does", async () => {
    const folder = await newFolder();
    for (const tenant of [first, second]) await announceTenant(tenant, folder);
    expect((await findTenant(undefined, folder)).stack).toBe("dev");
    await announceTenant(tenantOf("other", process.pid, "other"), folder);
    await expect(findTenant(undefined, folder)).rejects.toThrow("Several tenants run in this checkout (dev, other)");
  });
});

it("a tenant takes over the file of its own process, as after a start from the beginning", async () => {
  const folder = await newFolder();
  const endOld = await announceTenant(first, folder);
  await announceTenant(tenantOf("again", process.pid), folder);
  await endOld();
  expect(await readdir(folder)).toEqual(["dev.json"]);
  expect(await readFile(join(folder, "dev.json"), "utf8")).toContain(`"secret":"again"`);
});
