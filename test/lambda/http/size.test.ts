import { describe, expect, it } from "vitest";
import type { Directory, JsonObject } from "../../../lambda/model.ts";
import { createClient } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

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
  it("to a read is rejected with tooMany and what to request instead", async () => {
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

  it("to a list contains as many resources as fit", async () => {
    const { send } = createClient();
    const title = "é".repeat(4096);
    const emails = Array.from({ length: 45 }, (_, index) => ({ value: `${"x".repeat(4000)}${index}@example.com` }));
    for (let index = 0; index < 40; index += 1) {
      await send("POST", "/Users", { body: { userName: `u${index}`, title, emails } });
    }
    const first = await send("GET", "/Users");
    expect(first).toMatchObject({ status: 200, body: { totalResults: 40, startIndex: 1 } });
    const size = Number(first.body["itemsPerPage"]);
    expect(size).toBeGreaterThan(25);
    expect(size).toBeLessThan(40);
    const rest = await send("GET", `/Users?startIndex=${size + 1}`);
    expect(rest.body).toMatchObject({ totalResults: 40, itemsPerPage: 40 - size });
    expect(new Set([...idsOf(first.body), ...idsOf(rest.body)]).size).toBe(40);
  });
});

describe("a page of groups with more than 50,000 members in all", () => {
  async function createGroups(count: number) {
    let reads = 0;
    const directory = crowded(20_000);
    const { send } = createClient({
      directory: {
        ...directory,
        getGroupWithMembers: (id) => {
          reads += 1;
          return directory.getGroupWithMembers(id);
        },
      },
    });
    for (let index = 0; index < count; index += 1)
      await send("POST", "/Groups", { body: { displayName: `G${index}` } });
    const get = async (query: string): Promise<JsonObject> => {
      const { status, body } = await send("GET", `/Groups?${query}`);
      expect(status).toBe(200);
      return body;
    };
    return { get, readsSoFar: () => reads };
  }

  it("ends earlier, and the next index continues", async () => {
    const { get, readsSoFar } = await createGroups(25);
    const all = idsOf(await get("excludedAttributes=members"));
    expect(all).toHaveLength(25);
    const first = await get("");
    expect(first).toMatchObject({ totalResults: 25, startIndex: 1, itemsPerPage: 2 });
    expect(idsOf(first)).toEqual(all.slice(0, 2));
    expect(readsSoFar()).toBeLessThan(20);
    expect(idsOf(await get("startIndex=3"))).toEqual(all.slice(2, 4));
    expect(idsOf(await get("startIndex=25"))).toEqual(all.slice(24));
    expect(idsOf(await get("count=1"))).toEqual(all.slice(0, 1));
  });

  it("ends earlier, and its cursors continue, forwards and backwards, sorted or not", async () => {
    const { get } = await createGroups(7);
    for (const order of ["", "&sortBy=displayName&sortOrder=descending"]) {
      const all = idsOf(await get(`cursor&excludedAttributes=members${order}`));
      const pages: unknown[][] = [];
      let page = await get(`cursor&count=5${order}`);
      while (pages.push(idsOf(page)) && page["nextCursor"] !== undefined) {
        page = await get(`cursor=${page["nextCursor"] as string}&count=5${order}`);
      }
      expect(pages).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4, 6), all.slice(6)]);
      const back: unknown[][] = [];
      while (page["previousCursor"] !== undefined) {
        page = await get(`cursor=${page["previousCursor"] as string}&count=5${order}`);
        back.unshift(idsOf(page));
      }
      expect(back).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4, 6)]);
    }
  });

  it("shows at least one group", async () => {
    const { send } = createClient({ directory: crowded(60_000) });
    for (const displayName of ["A", "B"]) await send("POST", "/Groups", { body: { displayName } });
    expect((await send("GET", "/Groups")).body).toMatchObject({ totalResults: 2, itemsPerPage: 1 });
  });
});

function idsOf({ Resources }: JsonObject): unknown[] {
  return (Resources as JsonObject[]).map(({ id }) => id);
}
