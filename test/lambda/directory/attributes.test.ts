import { describe, expect, it } from "vitest";
import { addEdges, EDGE_ATTRIBUTES } from "../../../lambda/directory/edges.ts";
import { decodeGroup, GROUP_ATTRIBUTES, isVisible } from "../../../lambda/directory/group.ts";
import type { Item } from "../../../lambda/directory/keys.ts";
import { isResource } from "../../../lambda/directory/values.ts";

/** An item, and the names of the attributes that were read from it. */
function observed(item: Item): { readonly item: Item; readonly read: Set<string> } {
  const read = new Set<string>();
  const get = (target: Item, name: string) => {
    read.add(name);
    return target[name];
  };
  return { item: new Proxy(item, { get }), read };
}

describe("the attributes that a read of a whole group asks for", () => {
  it("are all that the group is read from, besides its key", () => {
    const { item, read } = observed({
      ...{ pk: { S: "G#1" }, sk: { S: "#" }, doc: { S: '{"displayName":"A"}' }, nk: { S: "hash" } },
      ...{ v: { N: "1" }, e: { N: "1" }, d: { N: "1" }, r: { N: "1" }, pace: { N: "1" }, committedBy: { S: "x" } },
      intent: { M: { owner: { S: "x" }, leaseUntil: { N: "1" } } },
    });
    isVisible(item);
    isResource(item);
    decodeGroup(item);
    expect([...read].filter((name) => name !== "pk" && name !== "sk").sort()).toEqual([...GROUP_ATTRIBUTES].sort());
  });

  it("are all that an edge is read from", () => {
    const { item, read } = observed({ pk: { S: "G#1" }, sk: { S: "M#2" }, a: { N: "1" }, r: { N: "2" } });
    isResource(item);
    addEdges(new Map(), [item]);
    expect([...read].sort()).toEqual([...EDGE_ATTRIBUTES].sort());
  });
});
