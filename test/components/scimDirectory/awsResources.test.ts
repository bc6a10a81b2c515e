import { describe, expect, it } from "vitest";
import { requiredActions } from "../../../lambda/accessPatterns.ts";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";
import { productionInputs } from "../../support/components/scimDirectory/resourceInputs.ts";

describe("the AWS half", () => {
  it("has exactly these resources in production without domain and alarms", async () => {
    const { declared, all } = await declare({});
    expect(declared).toStrictEqual(productionInputs);
    const policy = declared["RolePolicy acme-function"]?.["policy"] as { Statement: { Action: string[] }[] };
    expect(policy.Statement[0]?.Action).toEqual(requiredActions);
    const kept = all.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(kept.map(({ name, protect, retainOnDelete }) => [name, protect, retainOnDelete])).toEqual([
      ["acme-directory", true, true],
    ]);
  });

  it("protects nothing and keeps logs for a week in development", async () => {
    const production = await declare({});
    const { declared, all } = await declare({ stage: "development" });
    expect(difference(production.declared, declared)).toMatchInlineSnapshot(`
      {
        "LogGroup acme-access": {
          "name": "/aws/vendedlogs/okta-scim-directory/test/acme-access",
          "retentionInDays": 7,
        },
        "LogGroup acme-function": {
          "retentionInDays": 7,
        },
        "Table acme-directory": {
          "attributes": [
            {
              "name": "pk",
              "type": "S",
            },
            {
              "name": "sk",
              "type": "S",
            },
          ],
          "billingMode": "PAY_PER_REQUEST",
          "deletionProtectionEnabled": false,
          "hashKey": "pk",
          "pointInTimeRecovery": {
            "enabled": false,
          },
          "rangeKey": "sk",
          "ttl": {
            "attributeName": "ttl",
            "enabled": true,
          },
        },
      }
    `);
    expect(all.filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).toEqual([]);
  });
});
