import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, USER } from "../../../../lambda/scim/schema/index.ts";
import { ann, type ChangeCase } from "../../../support/lambda/protocol/found/changeCase.ts";
import { selections, selectionsOfEveryList } from "../../../support/lambda/protocol/found/selections.ts";
import { unknownUrns } from "../../../support/lambda/protocol/found/unknownUrns.ts";
import * as more from "../../../support/lambda/protocol/found/forms.ts";
import * as values from "../../../support/lambda/protocol/found/values.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

const tables: readonly (readonly [kind: string, cases: readonly ChangeCase[]])[] = [
  ["a path under an unknown URN", unknownUrns],
  ["a value filter", selections],
  ["a value filter on each list", selectionsOfEveryList],
  ["equal elements", values.equalElements],
  ["a list of one", values.listsOfOne],
  ["JSON as text", values.texts],
  ["a name twice", values.twiceNamed],
  ["an empty value", values.empty],
  ["the URN of a schema", values.containers],
  ["an empty list", more.emptyLists],
  ["unknown parts", more.unknownParts],
  ["the URN of another type's schema", more.misplaced],
  ["a path or value in another form", more.forms],
];

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  let count = 0;
  beforeAll(async () => {
    service = await cloud.service(setting);
  });

  it.each(tables.flatMap(([kind, cases]) => cases.map((one) => [kind, one.name, one] as const)))(
    "PATCH, %s: %s",
    async (_kind, _name, { operations, [setting]: outcome }) => {
      const made = await service.send("POST", "/Users", { body: { userName: `u${(count += 1)}`, ...ann } });
      const target = `/Users/${made.id}`;
      const answer = await service.send("PATCH", target, { body: { Operations: operations } });
      const after = await service.send("GET", target);
      if ("refused" in outcome) {
        expect([answer.status, answer.body]).toEqual([400, outcome.refused]);
        expect(after.body).toEqual(made.body);
        return;
      }
      expect([answer.status, answer.body]).toEqual([200, after.body]);
      expect(answer.headers.get("etag")).toBe(versionOf(after.body));
      const expected = apply(made.body, outcome.changed);
      expect(withoutMeta(after.body)).toEqual(withoutMeta(expected));
      expect(versionOf(after.body)).toBe(isDeepStrictEqual(expected, made.body) ? versionOf(made.body) : 'W/"2"');
    },
  );
});

function versionOf({ meta }: JsonObject): JsonValue | undefined {
  return (meta as JsonObject)["version"];
}

function withoutMeta({ meta: _, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** A user with these attributes changed; null removes one. `schemas` follows from what is left. */
function apply(user: JsonObject, changed: JsonObject): JsonObject {
  const left = Object.entries({ ...user, ...changed }).filter(([, value]) => value !== null);
  const result = Object.fromEntries(left);
  return { ...result, schemas: ENTERPRISE_USER in result ? [USER, ENTERPRISE_USER] : [USER] };
}
