import { describe, expect, it } from "vitest";
import { parseFaults } from "../../../../sandbox/aws/dynamodb/faults/freedoms.ts";
import { seededEventFreedoms } from "../../../../sandbox/aws/eventFreedoms.ts";

/** The faults that a text of `--faults` causes in many draws. */
function drawn(text: string): Record<string, unknown> {
  const { streams, mappings, services } = seededEventFreedoms(parseFaults(text, 1));
  const times = <T>(work: (n: number) => T): T[] => Array.from({ length: 300 }, (_, n) => work(n));
  const faults = times((sequence) => services?.({ service: "kms", operation: "Sign", sequence }));
  return {
    splits: times(() => streams?.splits()).filter(Boolean).length,
    late: times(() => streams?.lateMs() ?? 0).filter((ms) => ms > 0).length,
    repeats: times(() => mappings?.repeats()).filter(Boolean).length,
    entries: faults.filter((fault) => typeof fault === "object" && "failsAlone" in fault).length,
    faults: faults.filter((fault) => fault !== "pass" && !(typeof fault === "object" && "failsAlone" in fault)).length,
  };
}

describe("the freedoms of the services for events", () => {
  it.each([
    ["split-shards", "splits"],
    ["late-records", "late"],
    ["repeated-batches", "repeats"],
    ["failed-entries", "entries"],
    ["service-faults", "faults"],
  ])("%s switches on one of them alone", (kind, name) => {
    const counts = drawn(`${kind},rate=0.5`);
    expect(Object.entries(counts).filter(([, count]) => count !== 0)).toEqual([[name, expect.any(Number)]]);
    expect(counts[name]).toBeGreaterThan(50);
  });

  it("are the same for the same seed, and none for other kinds", () => {
    expect(drawn("all,rate=0.3,seed=7")).toEqual(drawn("all,rate=0.3,seed=7"));
    expect(drawn("all,rate=0.3,seed=7")).not.toEqual(drawn("all,rate=0.3,seed=8"));
    expect(Object.values(drawn("cut,rate=1"))).toEqual([0, 0, 0, 0, 0]);
  });
});
