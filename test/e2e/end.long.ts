import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { npmStart } from "../support/e2e/support.ts";

describe("the end", () => {
  it("comes with SIGTERM, while another instance runs, and leaves no process behind", async () => {
    const first = await npmStart();
    const second = await npmStart("--config", "connection=pending");
    expect(second.ready.outputs.connection).toBe("pending");
    expect(second.ready.outputs.nextSteps.length).toBeGreaterThan(5);
    expect(second.ready.outputs.scimToken).toBe("[secret]");
    const descendants = processesBelow(second.process.pid ?? 0);
    expect(descendants.length).toBeGreaterThan(1);
    await second.stop();
    await expect.poll(() => descendants.filter(isRunning)).toEqual([]);
    expect((await first.scim("GET", "/Users")).status).toBe(401);
    await first.stop();
  });

  it("comes at once for a group in both places and for an unknown group, with the reason", async () => {
    await expect(npmStart("--config", 'pushGroups=["iru_endpoint_users"]')).rejects.toThrow(
      "is the assignment group too",
    );
    await expect(npmStart("--config", 'pushGroups=["Nobody"]')).rejects.toThrow(
      'no group "Nobody" exists in the Okta org',
    );
  });
});

function processesBelow(pid: number): number[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const children = rows.filter(([, parent]) => parent === pid).map(([child]) => child ?? 0);
  return children.flatMap((child) => [child, ...processesBelow(child)]);
}

/** A process that has ended but is not reaped yet does not run. */
function isRunning(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}
