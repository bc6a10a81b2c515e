import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lambda/model.ts";
import { groupFilters, groups, people, userFilters } from "../../support/lambda/protocol/filterCases.ts";
import {
  resourcesOf,
  startServices,
  type RunningCloud,
  type RunningService,
} from "../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
let service: RunningService;
const userIds: string[] = [];
const groupIds: string[] = [];

beforeAll(async () => {
  cloud = await startServices();
  service = await cloud.service("standard");
  for (const body of people) userIds.push((await service.send("POST", "/Users", { body })).id);
  for (const { people: members, ...group } of groups) {
    const body = { ...group, members: members.map((index) => ({ value: userIds[index] ?? "" })) };
    groupIds.push((await service.send("POST", "/Groups", { body })).id);
  }
});
afterAll(() => cloud.close());

const withIds = (filter: string): string =>
  filter
    .replace(/\{group (\d)\}/g, (_, index) => groupIds[Number(index)] ?? "")
    .replace(/\{(\d)\}/g, (_, index) => userIds[Number(index)] ?? "");

type Ask = (filter: string) => Promise<{ readonly status: number; readonly body: JsonObject }>;
const inUrl =
  (target: string): Ask =>
  (filter) =>
    service.send("GET", `${target}?${new URLSearchParams({ filter, attributes: "id" }).toString()}`);
const inBody =
  (target: string): Ask =>
  (filter) =>
    service.send("POST", `${target}/.search`, { body: { filter, attributes: ["id"] } });

async function check(ask: Ask, ids: readonly string[], filter: string, expected: readonly number[] | string) {
  const answer = await ask(withIds(filter));
  if (typeof expected === "string") {
    const status = expected === "sensitive" ? 403 : 400;
    expect(answer).toMatchObject({ status, body: { status: String(status), scimType: expected } });
    return;
  }
  expect(answer.status).toBe(200);
  expect(answer.body["totalResults"]).toBe(expected.length);
  const found = resourcesOf(answer).map(({ id }) => id);
  expect(found).toEqual(expected.map((index) => ids[index]).toSorted());
}

/** The cases with a short form of each filter for its title. */
const titled = (cases: typeof userFilters) =>
  cases.map(([from, filter, expected]) => {
    const title = filter.length > 200 ? `${filter.slice(0, 60)}… (${filter.length} characters)` : filter;
    return [from, title, filter, expected] as const;
  });

describe("a filter of users", () => {
  it.each(titled(userFilters))("%s: %s", (_from, _title, filter, expected) =>
    check(inUrl("/Users"), userIds, filter, expected),
  );

  it.each(titled(userFilters))("%s, by .search: %s", (_from, _title, filter, expected) =>
    check(inBody("/Users"), userIds, filter, expected),
  );
});

describe("a filter of groups", () => {
  it.each(titled(groupFilters))("%s: %s", (_from, _title, filter, expected) =>
    check(inUrl("/Groups"), groupIds, filter, expected),
  );
});

describe("a filter over everything (RFC 7644 §3.4.2.1)", () => {
  it.each([
    ['userName eq "bjensen@example.com" or displayName eq "Empty"', () => [userIds[0], groupIds[2]]],
    ['meta.resourceType eq "Group"', () => groupIds],
    ["not (userName pr)", () => groupIds],
    ['userName ne "bjensen@example.com" and displayName sw "e"', () => [groupIds[1], groupIds[2]]],
    ['members.value eq "{1}"', () => [groupIds[0]]],
  ] as [string, () => string[]][])("%s", async (filter, expected) => {
    const { body } = await service.send("POST", "/.search", { body: { filter: withIds(filter) } });
    expect(
      resourcesOf({ body })
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(expected().toSorted());
  });

  it("sorts over types, resources without the attribute last", async () => {
    const body = { sortBy: "userName", attributes: ["userName", "displayName"], filter: "displayName pr" };
    const found = resourcesOf(await service.send("POST", "/.search", { body }));
    expect(found.slice(0, 3).map(({ userName }) => userName)).toEqual([
      "bjensen@example.com",
      "jsmith@example.com",
      'q"uote\\d',
    ]);
    expect(
      found
        .slice(3)
        .map(({ displayName }) => displayName)
        .toSorted(),
    ).toEqual(["Employees", "Empty", "Tour Guides"]);
  });
});

it("sends DynamoDB no request that its policy does not allow", () => {
  expect(cloud.denied).toEqual([]);
});
