import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mapBounded } from "../../../../lambda/concurrency.ts";
import {
  resourcesOf,
  startServices,
  type RunningCloud,
  type RunningService,
} from "../../../support/lambda/protocol/service.ts";

const GROUPS = 51;
const MEMBERS = 1_000;
/** Operations of a bulk request. */
const AT_ONCE = 500;

let cloud: RunningCloud;
let service: RunningService;
beforeAll(async () => {
  cloud = await startServices();
  service = await cloud.service("iru");
  const members: string[] = [];
  for (let first = 0; first < MEMBERS; first += AT_ONCE) {
    const Operations = Array.from({ length: AT_ONCE }, (_, at) => {
      return { method: "POST", path: "/Users", bulkId: `${at}`, data: { userName: `u${first + at}` } };
    });
    const { body } = await service.send("POST", "/Bulk", { body: { Operations } });
    for (const { location } of body["Operations"] as { location: string }[]) {
      members.push(location.slice(location.lastIndexOf("/") + 1));
    }
  }
  const names = Array.from({ length: GROUPS }, (_, at) => `G${at}`);
  await mapBounded(
    names,
    3,
    async (displayName) => {
      const { status } = await service.send("POST", "/Groups?attributes=id", { body: { displayName, members } });
      expect(status).toBe(201);
    },
    () => false,
  );
});
afterAll(() => cloud.close());

describe("a list of groups with 51,000 members in all", () => {
  const page = async (query: string) => {
    const answer = await service.send("GET", `/Groups${query}`);
    expect(answer.status).toBe(200);
    const groups = resourcesOf(answer);
    expect(answer.body["itemsPerPage"]).toBe(groups.length);
    return { body: answer.body, ids: groups.map(({ id }) => id), headers: answer.headers };
  };

  it("is a shorter page of 50,000, and the next index has the rest", async () => {
    const all = await page("?excludedAttributes=members");
    expect(all.ids).toHaveLength(GROUPS);
    const first = await page("");
    expect(first.body).toMatchObject({ totalResults: GROUPS, startIndex: 1, itemsPerPage: 50 });
    for (const group of resourcesOf(first)) expect(group["members"]).toHaveLength(MEMBERS);
    const rest = await page("?startIndex=51");
    expect(rest.body).toMatchObject({ totalResults: GROUPS, startIndex: 51, itemsPerPage: 1 });
    expect([...first.ids, ...rest.ids]).toEqual(all.ids);
  });

  it("has the same headers for HEAD", async () => {
    const [{ headers }, head] = [await page(""), await service.send("HEAD", "/Groups")];
    expect([head.status, head.headers.get("content-length")]).toEqual([200, headers.get("content-length")]);
  });

  it.each(["", "&sortBy=displayName", "&filter=displayName%20sw%20%22g%22"])(
    "is a shorter page with a cursor that goes on%s",
    async (query) => {
      const first = await page(`?cursor=${query}`);
      expect(first.ids).toHaveLength(50);
      const rest = await page(`?cursor=${first.body["nextCursor"] as string}${query}`);
      expect(rest.ids).toHaveLength(1);
      expect(rest.body).not.toHaveProperty("nextCursor");
      expect(new Set([...first.ids, ...rest.ids]).size).toBe(GROUPS);
    },
  );

  it("is a shorter page of a search, and of a filter by a member", async () => {
    const found = await service.send("POST", "/Groups/.search", { body: { count: 200 } });
    expect(found.body).toMatchObject({ totalResults: GROUPS, itemsPerPage: 50 });
    const [group] = resourcesOf(found);
    const [member] = group?.["members"] as { value: string }[];
    const byMember = await page(`?filter=${encodeURIComponent(`members.value eq "${member?.value}"`)}`);
    expect(byMember.body).toMatchObject({ totalResults: GROUPS, itemsPerPage: 50 });
  });
});
