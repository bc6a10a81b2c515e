import { describe, expect, it } from "vitest";
import { readDrift } from "../../../sandbox/engine/drift.ts";
import type { Properties, Provider, ResourceHandler } from "../../../sandbox/engine/provider.ts";
import type { ResourceState } from "../../../sandbox/engine/state.ts";

const THING = "fake:index:Thing";

const thing = (name: string, outputs: Properties, more: Partial<ResourceState> = {}): ResourceState => ({
  ...{ urn: `urn:${name}`, type: THING, name, custom: true, id: `id-${name}`, parent: "", dependencies: [] },
  ...{ protect: false, retainOnDelete: false, replacementTrigger: undefined, ignoreChanges: [] },
  ...{ inputs: { label: outputs["label"] }, outputs, secrets: new Set(), incomplete: false },
  ...more,
});

/** @param now the things that exist, by id; an Error is thrown */
function provider(now: Readonly<Record<string, Properties | Error>>): Provider {
  const handler: ResourceHandler = {
    computed: [],
    create: () => Promise.reject(new Error("nothing is created")),
    update: () => Promise.reject(new Error("nothing is updated")),
    delete: () => Promise.reject(new Error("nothing is deleted")),
    read: async (id) => {
      const found = now[id];
      if (found instanceof Error) throw found;
      return found;
    },
  };
  return { package: "fake", resources: { [THING]: handler }, functions: {} };
}

const drift = (
  deployed: readonly ResourceState[],
  now: Parameters<typeof provider>[0],
  state: readonly ResourceState[] = deployed,
) => {
  const byUrn = (all: readonly ResourceState[]) => new Map(all.map((one) => [one.urn, one]));
  return readDrift({ resources: byUrn(state), deployed: byUrn(deployed), replaced: [] }, [provider(now)], "fake");
};

describe("the drift of a stack", () => {
  it("is what was declared and has another value, or is gone, or cannot be read", async () => {
    const all = [
      thing("same", { label: "a", serial: "1" }),
      thing("computed", { label: "a", serial: "1" }),
      thing("changed", { label: "a" }),
      thing("gone", { label: "a" }),
      thing("locked", { label: "a" }),
    ];
    expect(
      await drift(all, {
        "id-same": { label: "a", serial: "1" },
        "id-computed": { label: "a", serial: "2" },
        "id-changed": { label: "b" },
        "id-locked": new Error("404 Not Found"),
      }),
    ).toEqual([
      expect.objectContaining({ name: "changed", changes: [{ key: "label", before: "a", now: "b" }] }),
      expect.objectContaining({ name: "gone", changes: [] }),
      expect.objectContaining({ name: "locked", changes: [], unreadable: "404 Not Found" }),
    ]);
  });

  it("leaves out what deployments ignore, and other packages", async () => {
    const ignored = thing("ignored", { label: "a" }, { ignoreChanges: ["label"] });
    const other = thing("other", { label: "a" }, { type: "else:index:Thing" });
    expect(await drift([ignored, other], { "id-ignored": { label: "b" } })).toEqual([]);
  });

  it("is the same after a refresh whose deployment failed", async () => {
    const [changed, gone] = [thing("changed", { label: "a" }), thing("gone", { label: "a" })];
    const refreshed = [thing("changed", { label: "b" })];
    expect((await drift([changed, gone], { "id-changed": { label: "b" } }, refreshed)).map(({ name }) => name)).toEqual(
      ["changed", "gone"],
    );
  });
});
