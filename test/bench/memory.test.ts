import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { priceOfMillion } from "../../bench/memory/price.ts";
import { findQuotas, shareOf } from "../../bench/memory/quota.ts";

test("a function's share of a processor is in proportion to its memory, up to one", () => {
  expect([256, 1_769, 3_008].map(shareOf)).toEqual([256 / 1_769, 1, 1]);
});

test("a million requests cost their rounded-up milliseconds and Lambda's price of a request", () => {
  // 10 ms and 11 ms of half a GB: 0.0105 s × 0.5 GB × 1,000,000 × $0.0000133334.
  expect(priceOfMillion([9.2, 10.7], 512)).toBeCloseTo(0.2 + 0.07, 4);
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cgroup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a machine without control groups has no quotas", () => {
  expect(findQuotas(join(newFolder(), "absent"))).toBeUndefined();
});

test("a folder that the kernel does not fill is no control group, and is removed again", () => {
  const mount = newFolder();
  mkdirSync(join(mount, "cpu"));
  expect(findQuotas(mount)).toBeUndefined();
  expect(existsSync(join(mount, "cpu", `scim-bench-${process.pid}-probe`))).toBe(false);
});

test("a group of this machine has the share as its quota, and can be removed", ({ skip }) => {
  const quotas = findQuotas();
  if (quotas === undefined) return skip("this machine has no control groups that this user may create");
  const group = quotas.create(`scim-bench-${process.pid}-test`, 0.25);
  const folder = join(group.procs, "..");
  const quota =
    quotas.version === 1
      ? ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map((file) => readFileSync(join(folder, file), "utf8").trim())
      : readFileSync(join(folder, "cpu.max"), "utf8").trim().split(" ");
  group.remove();
  expect(quota).toEqual(["5000", "20000"]);
  expect(existsSync(folder)).toBe(false);
});
