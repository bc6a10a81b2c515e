import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, USER } from "../../../../lambda/scim/schema/index.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

/** The value with the names of each of its objects in the opposite order. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, reversed(part)] as const)
      .toReversed(),
  );
}

const user: JsonObject = {
  userName: "ann",
  externalId: "e",
  name: { givenName: "Ann", familyName: "Lee" },
  title: "Boss",
  emails: [
    { value: "a@acme.test", type: "work", primary: true },
    { value: "b@acme.test", type: "home" },
  ],
  [ENTERPRISE_USER]: { department: "Sales", manager: { value: "m", $ref: "../Users/m" } },
};

describe.each(["standard", "iru"] as const)("the order of names does not count, with attributes=%s", (setting) => {
  let service: RunningService;
  let userPath: string;
  let groupPath: string;
  let members: string[];
  const read = async (path: string): Promise<JsonObject> => (await service.send("GET", path)).body;
  beforeAll(async () => {
    service = await cloud.service(setting);
    userPath = `/Users/${(await service.send("POST", "/Users", { body: user })).id}`;
    members = await Promise.all(
      ["x", "y"].map(async (userName) => (await service.send("POST", "/Users", { body: { userName } })).id),
    );
    const group = { displayName: "G", externalId: "e", members };
    groupPath = `/Groups/${(await service.send("POST", "/Groups", { body: group })).id}`;
  });

  it.each([
    ["the whole resource as it was read", (body: JsonObject) => body],
    ["the whole resource in another order", (body: JsonObject) => reversed(body)],
    ["the document in another order", () => reversed(user)],
    ["the document under the core URN", () => ({ [USER]: user })],
  ])("PUT of a user: %s keeps the version", async (_name, change) => {
    const before = await read(userPath);
    const put = await service.send("PUT", userPath, { body: change(before) });
    expect([put.status, put.body]).toEqual([200, before]);
    expect(put.headers.get("etag")).toBe((before["meta"] as JsonObject)["version"]);
    expect(await read(userPath)).toEqual(before);
  });

  it.each([
    ["elements in another order", { ...user, emails: (user["emails"] as JsonValue[]).toReversed() }],
    ["a part less", { ...user, name: { familyName: "Lee" } }],
    ["a part more", { ...user, emails: [{ value: "a@acme.test", type: "work", primary: true, display: "A" }] }],
    ["another value", { ...user, title: "boss" }],
    ["a text for a missing part", { ...user, displayName: "Ann" }],
  ])("PUT of a user: %s raises the version by one", async (_name, body) => {
    await service.send("PUT", userPath, { body: user });
    const { meta } = await read(userPath);
    const put = await service.send("PUT", userPath, { body });
    const number = (tag: string | null): number => Number(/\d+/.exec(tag ?? "")?.[0]);
    const { version } = meta as { version: string };
    expect(number(put.headers.get("etag"))).toBe(number(version) + 1);
  });

  it("PATCH of a user with parts in another order keeps the version", async () => {
    await service.send("PUT", userPath, { body: user });
    const before = await read(userPath);
    const Operations = ["emails", "name"].map((path) => ({ op: "replace", path, value: reversed(user[path] ?? null) }));
    const patch = await service.send("PATCH", userPath, { body: { Operations } });
    expect([patch.status, patch.body]).toEqual([200, before]);
  });

  it("PUT of a group in another order keeps the version", async () => {
    const before = await read(groupPath);
    for (const body of [
      before,
      reversed(before),
      { members: members.toReversed(), externalId: "e", displayName: "G" },
    ]) {
      const put = await service.send("PUT", groupPath, { body });
      expect([put.status, put.body]).toEqual([200, before]);
    }
    const changed = await service.send("PUT", groupPath, { body: { displayName: "G", members } });
    expect(changed.headers.get("etag")).not.toBe((before["meta"] as JsonObject)["version"]);
  });
});
