import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberOfAny, ruleName, shardOf } from "../../../components/oktaIntegration/groupRules.ts";

describe("group rules", () => {
  it("have unique names of at most 50 whole characters, as Okta requires", () => {
    const text = fc.string({ minLength: 1, maxLength: 255, unit: "grapheme" });
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 24 }), text, text, text, (tenant, group, other, assigned) => {
        const name = ruleName(tenant, group, assigned);
        expect(name.length).toBeLessThanOrEqual(50);
        expect(name).not.toMatch(/\p{Surrogate}/u);
        if (group !== other) expect(ruleName(tenant, other, assigned)).not.toBe(name);
      }),
    );
  });

  it("name the source group and the target group", () => {
    expect(ruleName("acme", "Developers", "iru_endpoint_users")).toBe("acme: Developers > iru_endpoint_users");
    expect(ruleName("acme", "Dev* 3/8", "iru_endpoint_users")).toBe("acme: Dev* 3/8 > iru_endpoint_users");
    const long = ruleName("acme", "Everyone in the northern offices", "iru_endpoint_users");
    expect(long).toMatch(/^acme: Everyone in the northern offices > ~[0-9a-f]{8}$/);
    expect(long).toHaveLength(50);
  });

  it("distribute the groups of a pattern over eight rules, by the group's id only", () => {
    const shards = Array.from({ length: 200 }, (_, index) => shardOf(`00g${index}`));
    expect(new Set(shards)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  it("write one expression over all groups, whatever their order", () => {
    expect(memberOfAny(["00g2", "00g1"])).toBe('isMemberOfAnyGroup("00g1", "00g2")');
  });
});
