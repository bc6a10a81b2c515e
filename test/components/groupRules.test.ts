import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberOfAny, ruleName, shardOf } from "../../components/oktaIntegration/groupRules.ts";

describe("group rules", () => {
  it("keeps every rule name within Okta's 50 characters and distinct for each shard", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 24 }),
        fc.string({ minLength: 1, maxLength: 255 }),
        (tenant, group) => {
          const names = [0, 1, 2, 3, 4, 5, 6, 7].map((shard) => ruleName(tenant, group, shard));
          expect(new Set(names).size).toBe(8);
          for (const name of names) expect(name.length).toBeLessThanOrEqual(50);
        },
      ),
    );
  });

  it("puts a group in the same rule whatever other groups are pushed", () => {
    expect(shardOf("Developers")).toBe(shardOf("developers"));
    expect(shardOf("Developers")).toBeGreaterThanOrEqual(0);
    expect(shardOf("Developers")).toBeLessThan(8);
  });

  it("writes one expression over all groups, whatever their order", () => {
    expect(memberOfAny(["00g2", "00g1"])).toBe('isMemberOfAnyGroup("00g1", "00g2")');
  });
});
