import { describe, expect, test } from "vitest";
import { progressLine, summaryTable } from "../../../operations/fleet/report.ts";
import { forEachTenant, isRateLimited, type Outcome, type Result } from "../../../operations/fleet/schedule.ts";
import { findStacks } from "../../../operations/fleet/stacks.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `tenant-${index}`);
const fine: Outcome = { ok: true, detail: "no changes" };
const options = { parallel: 3, backOffMs: 1_000, sleep: async () => undefined };

describe("a fleet", () => {
  test("works on at most the given number of tenants at a time, and on every one", async () => {
    let now = 0;
    let most = 0;
    const results = await forEachTenant(
      names(20),
      async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return fine;
      },
      options,
    );
    expect(most).toBe(3);
    expect(results.map(({ name }) => name)).toEqual(names(20));
  });

  test("continues after a tenant that fails, even if its work throws", async () => {
    const results = await forEachTenant(
      names(4),
      async (name) => {
        if (name === "tenant-1") throw new Error("no such account");
        return name === "tenant-2" ? { ok: false, detail: "refused" } : fine;
      },
      options,
    );
    expect(results.map(({ ok, detail }) => [ok, detail])).toEqual([
      [true, "no changes"],
      [false, "no such account"],
      [false, "refused"],
      [true, "no changes"],
    ]);
  });

  test("retries after Okta's rate limit, with pauses that double, and starts nothing in a pause", async () => {
    const slept: number[] = [];
    const begun: string[] = [];
    let wake: () => void = () => undefined;
    const running = forEachTenant(
      names(2),
      async (name) => {
        begun.push(name);
        return begun.filter((each) => each === "tenant-0").length < 3 && name === "tenant-0"
          ? { ok: false, detail: "the API returned an error: API rate limit exceeded (E0000047)" }
          : fine;
      },
      {
        ...options,
        parallel: 1,
        sleep: (milliseconds) => {
          slept.push(milliseconds);
          return new Promise<void>((resolve) => (wake = resolve));
        },
      },
    );
    await expect.poll(() => slept).toEqual([1_000]);
    expect(begun).toEqual(["tenant-0"]);
    wake();
    await expect.poll(() => slept).toEqual([1_000, 2_000]);
    wake();
    const results = await running;
    expect(begun).toEqual(["tenant-0", "tenant-0", "tenant-0", "tenant-1"]);
    expect(results.map(({ ok, attempts }) => [ok, attempts])).toEqual([
      [true, 3],
      [true, 1],
    ]);
  });

  test.each([
    ["429 Too Many Requests", true],
    ["the API returned an error: Okta HTTP 429 E0000047", true],
    ["unexpected status code: 429", true],
    ["API call exceeded rate limit due to too many requests", true],
    ['no group "Team 429" exists', false],
    ["429 people are not assigned", false],
  ])("takes %j for a rate limit: %s", (text, limited) => {
    expect(isRateLimited(text)).toBe(limited);
  });

  test("gives up on a tenant that stays limited", async () => {
    const results = await forEachTenant(
      names(1),
      async () => ({ ok: false, detail: "429 Too Many Requests" }),
      options,
    );
    expect(results).toMatchObject([{ ok: false, attempts: 5 }]);
  });

  test("starts nothing after it is stopped, and says so", async () => {
    const stop = new AbortController();
    const results = await forEachTenant(
      names(3),
      async () => {
        stop.abort();
        return fine;
      },
      { ...options, parallel: 1, signal: stop.signal },
    );
    expect(results.map(({ ok, detail }) => [ok, detail])).toEqual([
      [true, "no changes"],
      [false, "not begun"],
      [false, "not begun"],
    ]);
  });

  test("ends a pause when it is stopped, and keeps the reason of the tenant that waited", async () => {
    const stop = new AbortController();
    const results = await forEachTenant(names(2), async () => ({ ok: false, detail: "rate limit" }), {
      ...options,
      parallel: 1,
      signal: stop.signal,
      sleep: async () => stop.abort(),
    });
    expect(results.map(({ detail, attempts }) => [detail, attempts])).toEqual([
      ["rate limit", 1],
      ["not begun", 0],
    ]);
  });

  test("finds every stack file that is no example, and those of a pattern", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fleet-"));
    for (const name of ["Pulumi.yaml", "Pulumi.acme-prod.yaml", "Pulumi.b.eu.yaml", "Pulumi.acme-dev.yaml", "x.yaml"]) {
      await writeFile(join(folder, name), "");
    }
    await writeFile(join(folder, "Pulumi.acme-example.yaml"), "# Example: a customer\nconfig: {}\n");
    expect(await findStacks(folder)).toEqual(["acme-dev", "acme-prod", "b.eu"]);
    expect(await findStacks(folder, "acme-*")).toEqual(["acme-dev", "acme-prod"]);
    expect(await findStacks(folder, "b.eu")).toEqual(["b.eu"]);
    expect(await findStacks(folder, "bxeu")).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

test("the summary names the failed tenants last, with their whole messages", () => {
  const result = (name: string, more: Partial<Result>): Result => ({
    ...{ name, ok: true, detail: "+16", attempts: 1, seconds: 12 },
    ...more,
  });
  const results = [result("acme", { ok: false, detail: "refused\nfor a reason" }), result("globex", { attempts: 2 })];
  expect(summaryTable(results, false)).toEqual([
    "  ✓ globex  12 s, 2 tries  +16",
    "  ✗ acme    12 s      refused",
    "                    for a reason",
    "",
    "1 of 2 succeeded; failed: acme",
  ]);
  expect(progressLine(result("acme", {}), 3, 20, false)).toBe("[ 3/20] ✓ acme  12 s  +16");
});
