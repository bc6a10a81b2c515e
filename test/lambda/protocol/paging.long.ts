import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lambda/model.ts";
import {
  resourcesOf,
  startServices,
  type RunningCloud,
  type RunningService,
} from "../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
let service: RunningService;
let count = 0;
/** Ids of people who exist throughout a test. */
let residents: string[] = [];

beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());
beforeEach(async () => {
  service = await cloud.service("iru");
  residents = await Promise.all(Array.from({ length: 30 }, () => addUser("resident")));
});

async function addUser(title: string): Promise<string> {
  const { id } = await service.send("POST", "/Users", { body: { userName: `u${(count += 1)}`, title } });
  return id;
}

/** Adds and deletes people while pages are read: four changes for each page, some before it and some during it. */
function churn(change: () => Promise<void>) {
  let started = 0;
  let done = 0;
  const running = new Set<Promise<void>>();
  return {
    async more(): Promise<void> {
      const fresh = Array.from({ length: 4 }, async () => {
        started += 1;
        await change();
        done += 1;
      });
      for (const work of fresh) {
        running.add(work);
        void work.finally(() => running.delete(work));
      }
      await Promise.race(fresh);
    },
    async stop(): Promise<number> {
      await Promise.all(running);
      expect(done).toBe(started);
      return done;
    },
  };
}

/** All ids on cursor pages, following one of the two cursors to the end. */
async function follow(
  which: "nextCursor" | "previousCursor",
  parameters: Record<string, string>,
  pause: () => Promise<void>,
): Promise<{ readonly ids: string[]; readonly last: JsonObject }> {
  const pages: string[][] = [];
  let cursor = parameters["cursor"] ?? "";
  for (;;) {
    const query = new URLSearchParams({ ...parameters, cursor, attributes: "id" }).toString();
    const { status, body } = await service.send("GET", `/Users?${query}`);
    expect(status).toBe(200);
    const page = resourcesOf({ body }).map(({ id }) => id as string);
    expect(body["itemsPerPage"]).toBe(page.length);
    if (which === "nextCursor") pages.push(page);
    else pages.unshift(page);
    const next = body[which];
    if (typeof next !== "string") return { ids: pages.flat(), last: body };
    cursor = next;
    await pause();
  }
}

/** One person is added and one is deleted. */
function comingAndGoing(title = "visitor"): () => Promise<void> {
  const visitors: string[] = [];
  return async () => {
    visitors.push(await addUser(title));
    const leaving = visitors.length > 5 ? visitors.shift() : undefined;
    if (leaving !== undefined) await service.send("DELETE", `/Users/${leaving}`);
  };
}

describe("cursor pages", () => {
  it.each([
    ["of everybody", { count: "7" }],
    ["of a filter that reads everybody", { count: "6", filter: 'title eq "resident"' }],
    ["in an order", { count: "9", sortBy: "title", sortOrder: "descending" }],
  ] as [string, Record<string, string>][])(
    "%s return everyone who exists throughout exactly once, in both directions, while others are added and deleted",
    async (_name, parameters) => {
      const visitors = churn(comingAndGoing());
      const forth = await follow("nextCursor", parameters, () => visitors.more());
      const { previousCursor } = forth.last;
      if (typeof previousCursor !== "string") throw new Error("there is no way back");
      const back = await follow("previousCursor", { ...parameters, cursor: previousCursor }, () => visitors.more());
      expect(await visitors.stop()).toBeGreaterThan(8);
      for (const { ids } of [forth, back]) expect(new Set(ids).size).toBe(ids.length);
      expect(forth.ids).toEqual(expect.arrayContaining(residents));
      const lastPage = new Set(resourcesOf({ body: forth.last }).map(({ id }) => id));
      expect(back.ids).toEqual(expect.arrayContaining(residents.filter((id) => !lastPage.has(id))));
    },
  );

  it("count everyone if nothing is in flight", async () => {
    const { ids, last } = await follow("nextCursor", { count: "11" }, async () => undefined);
    expect(ids).toEqual(residents.toSorted());
    expect(last["totalResults"]).toBe(30);
    expect(last).not.toHaveProperty("startIndex");
  });
});

describe("index pages", () => {
  it.each([
    ["of everybody", {}],
    ["of a filter that reads everybody", { filter: "title pr" }],
    ["in an order", { sortBy: "userName" }],
  ] as [string, Record<string, string>][])("%s miss nobody while people are only added", async (_name, parameters) => {
    const additions = churn(async () => {
      await addUser("addition");
    });
    const seen = new Set<unknown>();
    let total = 1;
    for (let startIndex = 1; startIndex <= total;) {
      const query = new URLSearchParams({ ...parameters, startIndex: String(startIndex), count: "8" }).toString();
      const { body } = await service.send("GET", `/Users?${query}`);
      for (const { id } of resourcesOf({ body })) seen.add(id);
      total = Number(body["totalResults"]);
      startIndex += Number(body["itemsPerPage"]);
      await additions.more();
    }
    const added = await additions.stop();
    expect(residents.filter((id) => !seen.has(id))).toEqual([]);
    const { body } = await service.send("GET", "/Users?count=0");
    expect(body).toMatchObject({ totalResults: 30 + added, itemsPerPage: 0, Resources: [] });
  });

  it("have exact totals after a storm of creates and deletes", async () => {
    const storm = churn(comingAndGoing());
    for (let round = 0; round < 5; round += 1) await storm.more();
    await storm.stop();
    const everybody = await service.send("GET", "/Users?count=200");
    expect(everybody.body["totalResults"]).toBe(resourcesOf(everybody).length);
    const filtered = await service.send("GET", "/Users?filter=title%20pr&count=0");
    expect(filtered.body["totalResults"]).toBe(resourcesOf(everybody).length);
  });
});
