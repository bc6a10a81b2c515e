import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject } from "../../../lambda/scim/values/json.ts";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { ENTERPRISE_USER, USER } from "../../../lambda/scim/schema/index.ts";
import { groupPatches } from "../../support/lambda/protocol/groupPatches.ts";
import { ann, type Outcome } from "../../support/lambda/protocol/patchCase.ts";
import {
  startServices,
  type Answer,
  type RunningCloud,
  type RunningService,
} from "../../support/lambda/protocol/service.ts";
import { userPatches } from "../../support/lambda/protocol/userPatches.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
let cloud: RunningCloud;
let service: RunningService;
let count = 0;

beforeAll(async () => {
  cloud = await startServices();
  service = await cloud.service("standard");
});
afterAll(() => cloud.close());

const patch = (target: string, Operations: JsonValue): Promise<Answer> =>
  service.send("PATCH", target, { body: { schemas: [PATCH_OP], Operations } });

const isRefusal = (outcome: Outcome): outcome is readonly [number, string?] => Array.isArray(outcome);

function expectRefusal(answer: Answer, [status, scimType]: readonly [number, string?]): void {
  expect(answer).toMatchObject({ status, body: { status: String(status), scimType } });
  expect(answer.body["detail"]).toMatch(/\w{3}/);
}

/** A document with some attributes changed; an undefined one is removed. */
function changed(document: JsonObject, changes: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const entries = Object.entries({ ...document, ...changes });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

describe("a PATCH of a user", () => {
  it.each(userPatches)("%s: %s", async (_from, _name, operations, outcome) => {
    const userName = `user${(count += 1)}`;
    const { id, body: created } = await service.send("POST", "/Users", { body: { ...ann, userName } });
    const answer = await patch(`/Users/${id}`, operations);
    const after = (await service.send("GET", `/Users/${id}`)).body;
    if (isRefusal(outcome)) {
      expectRefusal(answer, outcome);
      expect(after).toEqual(created);
      return;
    }
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(after);
    const { schemas, meta, ...document } = after;
    expect(document).toEqual(changed({ id, userName, ...ann }, outcome));
    expect(schemas).toEqual(after[ENTERPRISE_USER] ? [USER, ENTERPRISE_USER] : [USER]);
    expect(isObject(meta) && meta["version"]).toBe(answer.headers.get("etag"));
    expect(({} as JsonObject)["admin"]).toBeUndefined();
  });
});

describe("a PATCH of a group", () => {
  const ids: string[] = [];
  beforeAll(async () => {
    for (const userName of ["a", "b", "c", "d"]) {
      ids.push((await service.send("POST", "/Users", { body: { userName } })).id);
    }
  });
  const idsOf = (indexes: JsonValue | undefined): string[] =>
    (Array.isArray(indexes) ? indexes : []).map((index) => ids[Number(index)] ?? "").toSorted();

  it.each(groupPatches)("%s: %s", async (_from, _name, operations, outcome) => {
    const displayName = `Group ${(count += 1)}`;
    const members = [0, 1].map((index) => ({ value: ids[index] ?? "" }));
    const { id, headers } = await service.send("POST", "/Groups", { body: { displayName, members } });
    const text = JSON.stringify(operations).replace(/\{(\d)\}/g, (_, index) => ids[Number(index)] ?? "");
    const answer = await patch(`/Groups/${id}`, JSON.parse(text.replace("{group}", id)) as JsonValue);
    const after = await service.send("GET", `/Groups/${id}`);
    if (isRefusal(outcome)) expectRefusal(answer, outcome);
    else expect(answer).toMatchObject({ status: 204, body: {} });
    const expected = changed({ displayName, members: [0, 1] }, isRefusal(outcome) ? {} : outcome);
    expect(after.body["displayName"]).toBe(expected["displayName"]);
    expect(after.body["members"]).toEqual(idsOf(expected["members"]).map((value) => ({ value, type: "User" })));
    if (isRefusal(outcome)) expect(after.headers.get("etag")).toBe(headers.get("etag"));
    else expect(after.headers.get("etag")).toBe(answer.headers.get("etag"));
  });
});
