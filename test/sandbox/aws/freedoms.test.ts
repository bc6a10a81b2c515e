import { describe, expect, it } from "vitest";
import { faultKinds, parseFaults, seededFreedoms } from "../../../sandbox/aws/dynamodb/faults/freedoms.ts";

describe("freedoms by a seed", () => {
  const drawn = (seed: number): unknown[] => {
    const { faults, connectionsAtRest } = seededFreedoms({ seed, rate: 0.5, kinds: faultKinds });
    const request = { action: "Query", table: "t", sequence: 0 };
    return Array.from({ length: 300 }, () => [JSON.stringify(faults(request)), connectionsAtRest()]);
  };

  it("repeat, and differ from seed to seed", () => {
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });

  it("draw every named kind and no other, at the given rate", () => {
    const count = (rate: number): number => {
      const { faults } = seededFreedoms({ seed: 1, rate, kinds: ["cut", "lost"] });
      const seen = Array.from({ length: 2_000 }, () => faults({ action: "Query", table: "t", sequence: 0 }));
      expect(new Set(seen)).toEqual(new Set(rate === 0 ? ["pass"] : ["pass", "cut", "lost"]));
      return seen.filter((fault) => fault !== "pass").length;
    };
    expect(count(0)).toBe(0);
    expect(count(0.25)).toBeGreaterThan(400);
    expect(count(0.25)).toBeLessThan(600);
  });

  it("are read from one line", () => {
    expect(parseFaults("all", 3)).toEqual({ seed: 3, rate: 0.02, kinds: faultKinds, keyLimit: undefined });
    expect(parseFaults("cut, pieces,rate=0.1,seed=5,key-limit=100", 3)).toEqual({
      seed: 5,
      rate: 0.1,
      kinds: ["cut", "pieces"],
      keyLimit: 100,
    });
  });

  it("are rejected with every problem and what is allowed", () => {
    expect(() => parseFaults("cut-,rate=2,seed=,x=1", 3)).toThrow(
      /^--faults: "cut-" is neither a kind of fault nor a setting; rate takes a number from 0 to 1, not "2"; seed takes a whole number, not ""; "x=1" is neither a kind of fault nor a setting. Allowed: all, throttle, /,
    );
  });
});
