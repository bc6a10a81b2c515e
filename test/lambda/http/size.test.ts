import { describe, expect, it } from "vitest";
import type { Directory, Stored } from "../../../lambda/model.ts";
import { createClient } from "./client.ts";
import { createMemoryDirectory } from "./memoryDirectory.ts";

/** A directory whose groups have this many members each. */
function crowded(size: number): Directory {
  const { directory } = createMemoryDirectory();
  const members = Array.from(
    { length: size },
    (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
  return { ...directory, getGroupWithMembers: async (id) => ({ group: await directory.getGroup(id), members }) };
}

describe("an answer that Lambda could not carry", () => {
  it("to a read is refused with tooMany and what to ask instead", async () => {
    const { send } = createClient({ directory: crowded(100_000) });
    const { id } = await send("POST", "/Groups", { body: { displayName: "Everyone" } });
    const answer = await send("GET", `/Groups/${id}`);
    expect(answer).toMatchObject({ status: 400, body: { scimType: "tooMany" } });
    expect(answer.body["detail"]).toContain("excludedAttributes=members");
    expect((await send("GET", `/Groups/${id}?excludedAttributes=members`)).status).toBe(200);
  });

  it("to a write is the resource's id and version: the write is done", async () => {
    const { send } = createClient({ directory: crowded(100_000) });
    const { id } = await send("POST", "/Groups", { body: { displayName: "Everyone" } });
    const answer = await send("PUT", `/Groups/${id}`, { body: { displayName: "All" } });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(["schemas", "id", "meta"]);
    expect((await send("GET", `/Groups/${id}?attributes=displayName`)).body["displayName"]).toBe("All");
  });

  it("is not even collected where a page has more than 50,000 members", async () => {
    const directory = crowded(30_000);
    let reads = 0;
    const counted: Directory = {
      ...directory,
      getGroupWithMembers: (id): Promise<{ group: Stored; members: readonly string[] }> => {
        reads += 1;
        return directory.getGroupWithMembers(id);
      },
    };
    const { send } = createClient({ directory: counted });
    for (let index = 0; index < 25; index += 1) await send("POST", "/Groups", { body: { displayName: `G${index}` } });
    const answer = await send("GET", "/Groups");
    expect(answer).toMatchObject({ status: 400, body: { scimType: "tooMany" } });
    expect(reads).toBe(10);
    expect((await send("GET", "/Groups?excludedAttributes=members")).body["totalResults"]).toBe(25);
    expect((await send("GET", "/Groups?count=1")).status).toBe(200);
  });
});
