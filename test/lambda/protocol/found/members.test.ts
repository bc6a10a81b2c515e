import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../lambda/scim/schema/index.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import { lists, operations, type Members } from "../../../support/lambda/protocol/found/members.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

const isMembers = (outcome: Members | JsonObject): outcome is Members => Array.isArray(outcome);

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  let count = 0;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    service = await cloud.service(setting);
    for (const name of ["a", "b"]) ids[name] = (await service.send("POST", "/Users", { body: { userName: name } })).id;
    ids["g"] = (await service.send("POST", "/Groups", { body: { displayName: "g" } })).id;
  });
  const filled = <T extends JsonValue>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/\{([abg])\}/g, (_, name: string) => ids[name] ?? "")) as T;
  const shown = (members: Members): JsonValue =>
    filled([...members])
      .toSorted()
      .map((value) => ({ value, type: "User" }));
  const displayName = (): string => `G ${(count += 1)}`;
  const create = (members: JsonValue, name = displayName()) =>
    service.send("POST", "/Groups", { body: { displayName: name, externalId: "e", members } });

  it.each(lists.map(([list, created]) => [list, created] as const))(
    "POST of a group with members %j",
    async (list, outcome) => {
      const name = displayName();
      const answer = await create(filled(list), name);
      if (!isMembers(outcome)) return expect([answer.status, answer.body]).toEqual([400, outcome]);
      const { id, body } = answer;
      const { meta } = body;
      const expected = { schemas: [GROUP], id, externalId: "e", displayName: name, members: shown(outcome), meta };
      expect([answer.status, body]).toEqual([201, expected]);
      expect((await service.send("GET", `/Groups/${id}`)).body).toEqual(body);
    },
  );

  it.each(
    ["PUT", "PATCH", "PATCH without a path"].flatMap((way) =>
      lists.map(([list, , replaced]) => [way, list, replaced] as const),
    ),
  )("%s that replaces the members by %j", async (way, list, outcome) => {
    const before = await create([ids["a"] ?? ""]);
    const target = `/Groups/${before.id}`;
    const members = filled(list);
    const value = way === "PATCH" ? members : { members };
    const body =
      way === "PUT"
        ? { displayName: before.body["displayName"] ?? "", externalId: "e", members }
        : { Operations: [{ op: "replace", ...(way === "PATCH" ? { path: "members" } : {}), value }] };
    const answer = await service.send(way === "PUT" ? "PUT" : "PATCH", target, { body });
    const after = await service.send("GET", target);
    if (!isMembers(outcome)) {
      expect([answer.status, answer.body]).toEqual([400, outcome]);
      return expect(after.body).toEqual(before.body);
    }
    expect([answer.status, answer.body]).toEqual(way === "PUT" ? [200, after.body] : [204, {}]);
    expect(answer.headers.get("etag")).toBe(after.headers.get("etag"));
    expect(after.body).toEqual({ ...before.body, meta: after.body["meta"], members: shown(outcome) });
  });

  it.each(operations)("PATCH of a group: %j", async (operation, outcome) => {
    const before = await create([ids["a"] ?? ""]);
    const target = `/Groups/${before.id}`;
    const answer = await service.send("PATCH", target, { body: { Operations: [filled(operation)] } });
    const after = await service.send("GET", target);
    if (!isMembers(outcome)) {
      expect([answer.status, answer.body]).toEqual([400, filled(outcome)]);
      return expect(after.body).toEqual(before.body);
    }
    expect([answer.status, answer.body]).toEqual([204, {}]);
    expect(after.body).toEqual({ ...before.body, meta: after.body["meta"], members: shown(outcome) });
  });

  it("PUT without members keeps them, and without externalId clears it", async () => {
    const { id, body } = await create([ids["a"] ?? "", ids["b"] ?? ""]);
    const put = await service.send("PUT", `/Groups/${id}`, { body: { displayName: body["displayName"] ?? "" } });
    const { externalId: _, ...rest } = body;
    expect([put.status, put.body]).toEqual([200, { ...rest, meta: put.body["meta"] }]);
  });

  it.each([
    [{ [USER]: { displayName: "D" } }, `${USER} is not a schema of Group; leave ${USER} out.`],
    [{ [`${USER}:title`]: "T" }, `${USER} is not a schema of Group; leave ${USER}:title out.`],
    [{ [ENTERPRISE_USER]: {} }, `${ENTERPRISE_USER} is not a schema of Group; leave ${ENTERPRISE_USER} out.`],
    [{ displayName: [] }, "displayName is required and must not be empty."],
  ])("POST and PUT of a group with %j", async (more, detail) => {
    const made = await create([]);
    const body = { displayName: displayName(), ...more };
    const target = `/Groups/${made.id}`;
    for (const answer of [
      await service.send("POST", "/Groups", { body }),
      await service.send("PUT", target, { body }),
    ]) {
      expect([answer.status, answer.body]).toEqual([400, error(400, detail, "invalidValue")]);
    }
    expect((await service.send("GET", target)).body).toEqual(made.body);
  });

  it("shows members.$ref only if the request asks for it", async () => {
    const { id } = await create([ids["a"] ?? ""]);
    const value = ids["a"];
    const $ref = `${service.baseUrl}/Users/${value}`;
    const members = async (query: string) => (await service.send("GET", `/Groups/${id}${query}`)).body["members"];
    expect(await members("")).toEqual([{ value, type: "User" }]);
    expect(await members("?attributes=members")).toEqual([{ value, type: "User" }]);
    expect(await members("?attributes=members.$ref")).toEqual([{ $ref }]);
    expect(await members("?attributes=members.value,members.%24ref")).toEqual([{ value, $ref }]);
    expect(await members("?excludedAttributes=members.type")).toEqual([{ value }]);
  });

  it("accepts the core URN as a container", async () => {
    const name = displayName();
    const group = await service.send("POST", "/Groups", {
      body: { [GROUP]: { displayName: name, [GROUP]: { members: [ids["a"] ?? ""] } } },
    });
    expect([group.status, group.body["displayName"], group.body["members"]]).toEqual([201, name, shown(["{a}"])]);
    const renamed = displayName();
    const Operations = [{ op: "replace", value: { [GROUP]: { displayName: renamed } } }];
    await service.send("PATCH", `/Groups/${group.id}`, { body: { Operations } });
    const after = await service.send("GET", `/Groups/${group.id}`);
    expect(after.body).toEqual({ ...group.body, meta: after.body["meta"], displayName: renamed });
  });
});
