import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createCursors, type CursorPosition } from "../../../lambda/query/cursor.ts";
import type { JsonObject } from "../../../lambda/model.ts";
import { createClient } from "../../support/lambda/http/client.ts";
import { createMemoryDirectory } from "../../support/lambda/http/memoryDirectory.ts";

const token = (generation: number) => ({
  generation,
  sha256: createHash("sha256").update(`token ${generation}`).digest("hex"),
});
const place: CursorPosition = { direction: "next", type: 0, id: "u1", key: "ann" };
const query = ["User", "title pr", undefined, false];
const refused = (scimType: string): unknown => expect.objectContaining({ status: 400, scimType });

afterEach(() => vi.useRealTimers());

describe("a cursor", () => {
  it("decodes to its position, and has only unreserved characters of a URL (RFC 9865 §2)", () => {
    const cursors = createCursors([token(1)]);
    fc.assert(
      fc.property(
        fc.record({
          direction: fc.constantFrom("next" as const, "previous" as const),
          type: fc.nat({ max: 1 }),
          id: fc.string(),
          key: fc.option(fc.oneof(fc.string({ maxLength: 256, unit: "grapheme" }), fc.integer()), { nil: undefined }),
        }),
        (position) => {
          const cursor = cursors.seal(position, query);
          expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
          expect(cursors.open(cursor, query)).toEqual(position);
        },
      ),
    );
  });

  it("reveals nothing of the position, and no two are the same", () => {
    const cursors = createCursors([token(1)]);
    const [one, other] = [cursors.seal(place, query), cursors.seal(place, query)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one, "base64url").toString("latin1")).not.toMatch(/ann|u1/);
  });

  it("is invalid if any of its bits is changed, or if it is cut or extended", () => {
    const cursors = createCursors([token(1)]);
    const cursor = cursors.seal(place, query);
    const bytes = Buffer.from(cursor, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => cursors.open(changed.toString("base64url"), query)).toThrow(refused("invalidCursor"));
    }
    for (const text of [cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`, "x", "é".repeat(9000)]) {
      expect(() => cursors.open(text, query)).toThrow(refused("invalidCursor"));
    }
  });

  it("belongs to its query", () => {
    const cursors = createCursors([token(1)]);
    const cursor = cursors.seal(place, query);
    for (const other of [
      ["Group", ...query.slice(1)],
      ["User", "active eq true", undefined, false],
      ["User", "title pr", "title", false],
    ]) {
      expect(() => cursors.open(cursor, other)).toThrow(refused("invalidCursor"));
    }
  });

  it("expires after an hour", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cursors = createCursors([token(1)]);
    const cursor = cursors.seal(place, query);
    vi.advanceTimersByTime(3599_000);
    expect(cursors.open(cursor, query)).toEqual(place);
    vi.advanceTimersByTime(2000);
    expect(() => cursors.open(cursor, query)).toThrow(refused("expiredCursor"));
  });

  it("survives a rotation as long as the token of its generation is accepted", () => {
    const cursor = createCursors([token(1)]).seal(place, query);
    const both = createCursors([token(2), token(1)]);
    expect(both.open(cursor, query)).toEqual(place);
    const newer = both.seal(place, query);
    const after = createCursors([token(2)]);
    expect(after.open(newer, query)).toEqual(place);
    expect(() => after.open(cursor, query)).toThrow(refused("invalidCursor"));
  });
});

describe("a query with a cursor", () => {
  const { send } = createClient();
  beforeAll(async () => {
    for (const userName of ["a", "b", "c", "d", "e"]) await send("POST", "/Users", { body: { userName, title: "T" } });
    for (const displayName of ["x", "y"]) await send("POST", "/Groups", { body: { displayName } });
  });
  const ids = ({ Resources }: JsonObject): unknown[] =>
    Array.isArray(Resources) ? (Resources as JsonObject[]).map(({ id }) => id) : [];
  const text = (body: JsonObject, name: string): string => {
    const value = body[name];
    return typeof value === "string" ? value : "";
  };

  it("pages over all types, in both directions", async () => {
    const search = async (cursor: string): Promise<JsonObject> =>
      (await send("POST", "/.search", { body: { cursor, count: 3 } })).body;
    const first = await search("");
    expect(first).toMatchObject({ totalResults: 7, itemsPerPage: 3 });
    expect(first).not.toHaveProperty("previousCursor");
    const second = await search(text(first, "nextCursor"));
    const third = await search(text(second, "nextCursor"));
    expect(third).toMatchObject({ itemsPerPage: 1 });
    expect(third).not.toHaveProperty("nextCursor");
    expect(new Set([first, second, third].flatMap(ids)).size).toBe(7);
    const back = await search(text(third, "previousCursor"));
    expect(ids(back)).toEqual(ids(second));
    const start = await search(text(back, "previousCursor"));
    expect(ids(start)).toEqual(ids(first));
    expect(start).not.toHaveProperty("previousCursor");
    expect(ids(await search(text(start, "nextCursor")))).toEqual(ids(second));
  });

  it("finds the way back from a page that became empty", async () => {
    const own = createClient();
    const made: string[] = [];
    for (const userName of ["a", "b"]) made.push((await own.send("POST", "/Users", { body: { userName } })).id);
    const page = async (cursor: string): Promise<JsonObject> =>
      (await own.send("GET", `/Users?cursor=${cursor}&count=1`)).body;
    const first = await page("");
    await own.send("DELETE", `/Users/${made.toSorted()[1] ?? ""}`);
    const empty = await page(text(first, "nextCursor"));
    expect(empty).toMatchObject({ itemsPerPage: 0, totalResults: 1 });
    expect(empty).not.toHaveProperty("nextCursor");
    expect(ids(await page(text(empty, "previousCursor")))).toEqual(ids(first));
  });

  it.each([
    ["cursor=&count=0", "invalidCount"],
    ["cursor=&count=201", "invalidCount"],
    ["cursor=&count=-1", "invalidCount"],
    ["cursor=&count=x", "invalidCount"],
    ["cursor=nonsense", "invalidCursor"],
    ["cursor=&startIndex=1", "invalidValue"],
    ["cursor=&cursor=", "invalidValue"],
  ])("rejects %s with %s", async (parameters, scimType) => {
    expect(await send("GET", `/Users?${parameters}`)).toMatchObject({ status: 400, body: { scimType } });
  });

  it("rejects the cursor of another endpoint, filter or order", async () => {
    const { body } = await send("GET", "/Users?cursor&count=2&filter=title%20pr");
    const cursor = text(body, "nextCursor");
    expect((await send("GET", `/Users?cursor=${cursor}&count=1&filter=title%20pr`)).status).toBe(200);
    for (const target of ["/Groups?filter=title%20pr&", "/Users?", "/Users?filter=title%20pr&sortBy=title&"]) {
      const answer = await send("GET", `${target}cursor=${cursor}`);
      expect(answer).toMatchObject({ status: 400, body: {} });
    }
  });

  it("continues past 5,000 resources that a filter must read, with pages that may be empty", async () => {
    const stored = (number: number) => ({
      id: String(number).padStart(6, "0"),
      version: "1",
      created: "2026-01-01T00:00:00Z",
      lastModified: "2026-01-01T00:00:00Z",
      attributes: { userName: `u${number}`, ...(number === 11_000 ? { title: "T" } : {}) },
    });
    const all = Array.from({ length: 12_000 }, (_, index) => stored(index));
    const directory = {
      ...createMemoryDirectory().directory,
      pageAfter: async (_kind: string, after: string | undefined, count: number) => {
        const start = after === undefined ? 0 : Number(after) + 1;
        return all.slice(start, start + count);
      },
      pageBefore: async (_kind: string, before: string, count: number) => {
        const end = before === "\uffff" ? all.length : Number(before);
        return all.slice(Math.max(0, end - count), end);
      },
    };
    const large = createClient({ directory });
    const page = async (cursor: string): Promise<JsonObject> =>
      (await large.send("GET", `/Users?filter=title%20pr&cursor=${cursor}`)).body;
    const first = await page("");
    expect(first).toMatchObject({ itemsPerPage: 0, Resources: [] });
    expect(first).not.toHaveProperty("totalResults");
    const third = await page(text(await page(text(first, "nextCursor")), "nextCursor"));
    expect(ids(third)).toEqual(["011000"]);
    expect(third).not.toHaveProperty("nextCursor");
    const back = await page(text(third, "previousCursor"));
    expect(back).toMatchObject({ itemsPerPage: 0 });
    expect(text(back, "previousCursor")).not.toBe("");
    const index = await large.send("GET", "/Users?filter=title%20pr");
    expect(index).toMatchObject({ status: 400, body: { scimType: "tooMany" } });
  });
});
