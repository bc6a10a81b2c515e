import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessPatterns, requiredActions } from "../../../lambda/accessPatterns.ts";
import type { JsonValue } from "../../../lambda/model.ts";
import {
  startServices,
  type Answer,
  type RunningCloud,
  type RunningService,
} from "../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
let service: RunningService;
/** Enough for a change that is too large for one transaction. */
let people: JsonValue[];
beforeAll(async () => {
  cloud = await startServices();
  service = await cloud.service("iru");
  people = await Promise.all(Array.from({ length: 60 }, async () => ({ value: await makeUser() })));
});
afterAll(() => cloud.close());

let made = 0;
const send = (method: string, target: string, body?: JsonValue): Promise<Answer> =>
  service.send(method, target, body === undefined ? {} : { body });
const fresh = (): string => `n${(made += 1)}`;
const makeUser = async (name = fresh()): Promise<string> =>
  (await send("POST", "/Users", { userName: name, externalId: `x-${name}` })).id;
const makeGroup = async (members: JsonValue[] = [], displayName = fresh()): Promise<string> =>
  (await send("POST", "/Groups", { displayName, members })).id;
const filter = (text: string): string => `?filter=${encodeURIComponent(text)}`;
const patch = (group: string, ...Operations: JsonValue[]): Promise<Answer> =>
  send("PATCH", `/Groups/${group}`, { Operations });

/**
 * For each row of the table of access patterns: the preparation while everything is allowed, and then the request
 * itself.
 */
const scenes: Record<string, () => Promise<() => Promise<Answer>>> = {
  "GET user": async () => {
    const user = await makeUser();
    return () => send("GET", `/Users/${user}`);
  },
  "GET user with groups": async () => {
    const user = await makeUser();
    await makeGroup([{ value: user }]);
    return () => send("GET", `/Users/${user}?attributes=groups`);
  },
  "find user by userName": async () => {
    const name = fresh();
    await makeUser(name);
    return () => send("GET", `/Users${filter(`userName eq "${name}"`)}`);
  },
  "find by externalId": async () => {
    const name = fresh();
    await makeUser(name);
    return () => send("GET", `/Users${filter(`externalId eq "x-${name}"`)}`);
  },
  "find groups by member": async () => {
    const user = await makeUser();
    await makeGroup([{ value: user }]);
    return () => send("GET", `/Groups${filter(`members.value eq "${user}"`)}`);
  },
  "POST user": async () => () => send("POST", "/Users", { userName: fresh(), externalId: fresh() }),
  "PUT or PATCH user": async () => {
    const user = await makeUser();
    return () => send("PUT", `/Users/${user}`, { userName: fresh(), title: "Engineer" });
  },
  "DELETE user": async () => {
    const user = await makeUser();
    await makeGroup([{ value: user }]);
    return () => send("DELETE", `/Users/${user}`);
  },
  "GET group": async () => {
    const group = await makeGroup(people.slice(0, 3));
    return () => send("GET", `/Groups/${group}`);
  },
  "find group by displayName": async () => {
    const name = fresh();
    await makeGroup([], name);
    return () => send("GET", `/Groups${filter(`displayName eq "${name}"`)}&excludedAttributes=members`);
  },
  "rename group": async () => {
    const group = await makeGroup();
    return () => patch(group, { op: "replace", value: { displayName: fresh() } });
  },
  "PATCH that adds up to 31 members or removes up to 47": async () => {
    const group = await makeGroup(people.slice(0, 2));
    return () => patch(group, { op: "add", path: "members", value: people.slice(2, 4) });
  },
  "PATCH of more members": async () => {
    const group = await makeGroup();
    return () => patch(group, { op: "add", path: "members", value: people });
  },
  "PUT group of n members, d of them changed": async () => {
    const displayName = fresh();
    const group = await makeGroup(people, displayName);
    return () => send("PUT", `/Groups/${group}`, { displayName, members: [] });
  },
  "DELETE group": async () => {
    const group = await makeGroup(people);
    return () => send("DELETE", `/Groups/${group}`);
  },
  page: async () => () => send("GET", "/Users?startIndex=2&count=3"),
};

/** The operations that return an error while only these actions are allowed. */
async function failures(actions: readonly string[]): Promise<string[]> {
  const failed: string[] = [];
  for (const [operation, prepare] of Object.entries(scenes)) {
    await service.allow(requiredActions);
    const act = await prepare();
    await service.allow(actions);
    const { status } = await act();
    if (status >= 400) failed.push(operation);
    expect([200, 201, 204, 500]).toContain(status);
  }
  await service.allow(requiredActions);
  return failed;
}

describe("the access policy from the table of access patterns", () => {
  it("suffices for every operation of the table", async () => {
    expect(Object.keys(scenes).sort()).toEqual(accessPatterns.map(({ operation }) => operation).sort());
    expect(await failures(requiredActions)).toEqual([]);
    expect(cloud.denied).toEqual([]);
  });

  it.each(requiredActions)(
    "is minimal: without %s some operations fail, and only those whose row names it",
    async (action) => {
      const failed = await failures(requiredActions.filter((other) => other !== action));
      const named = accessPatterns.filter(({ actions }) => actions.some((one) => `dynamodb:${one}` === action));
      expect(failed).not.toEqual([]);
      expect(named.map(({ operation }) => operation)).toEqual(expect.arrayContaining(failed));
    },
  );
});
