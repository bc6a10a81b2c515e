import { describe, expect, it } from "vitest";
import { accessesOf } from "../../../sandbox/aws/dynamodb/access.ts";
import { evaluate, parsePolicy } from "../../../sandbox/aws/iam/policy.ts";

const place = { region: "us-east-1", account: "000000000000" };
const T = "arn:aws:dynamodb:us-east-1:000000000000:table/users";

describe("the permissions that a request needs", () => {
  it.each(["GetItem", "PutItem", "UpdateItem", "DeleteItem", "DescribeTable", "DescribeTimeToLive"])(
    "maps %s to the same action on the table",
    (operation) => {
      expect(accessesOf(operation, { TableName: "users" }, place)).toEqual([
        { action: `dynamodb:${operation}`, resource: T },
      ]);
    },
  );

  it("maps a query of an index to the index alone", () => {
    expect(accessesOf("Query", { TableName: "users", IndexName: "byName" }, place)).toEqual([
      { action: "dynamodb:Query", resource: `${T}/index/byName` },
    ]);
    expect(accessesOf("Scan", { TableName: "users" }, place)).toEqual([{ action: "dynamodb:Scan", resource: T }]);
  });

  it("maps batches to their own action on each table", () => {
    expect(accessesOf("BatchGetItem", { RequestItems: { users: {}, [`${T}2`]: {} } }, place)).toEqual([
      { action: "dynamodb:BatchGetItem", resource: T },
      { action: "dynamodb:BatchGetItem", resource: `${T}2` },
    ]);
  });

  it("maps transactions to the actions of their items", () => {
    const TransactItems = ["Put", "Update", "Delete", "ConditionCheck"].map((kind) => ({
      [kind]: { TableName: "users" },
    }));
    expect(accessesOf("TransactWriteItems", { TransactItems }, place)?.map(({ action }) => action)).toEqual([
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:ConditionCheckItem",
    ]);
    expect(accessesOf("TransactGetItems", { TransactItems: [{ Get: { TableName: "users" } }] }, place)).toEqual([
      { action: "dynamodb:GetItem", resource: T },
    ]);
  });

  it("knows no permissions for other operations and for requests without a table", () => {
    expect(accessesOf("ExecuteStatement", { TableName: "users" }, place)).toBeUndefined();
    expect(accessesOf("DeleteTable", { TableName: "users" }, place)).toBeUndefined();
    expect(accessesOf("GetItem", {}, place)).toBeUndefined();
    expect(accessesOf("BatchGetItem", { RequestItems: {} }, place)).toBeUndefined();
    expect(
      accessesOf("TransactWriteItems", { TransactItems: [{ Get: { TableName: "users" } }] }, place),
    ).toBeUndefined();
  });
});

describe("the evaluation of policies", () => {
  const judge = (action: string, resource: string, ...statements: object[]): string =>
    evaluate([parsePolicy({ Version: "2012-10-17", Statement: statements })], { action, resource });

  it("compares actions without case and resources with case", () => {
    const allow = { Effect: "Allow", Action: "DYNAMODB:get*", Resource: T };
    expect(judge("dynamodb:GetItem", T, allow)).toBe("allowed");
    expect(judge("dynamodb:GetItem", T.replace("users", "Users"), allow)).toBe("implicitDeny");
  });

  it("treats * and ? as wildcards and everything else literally", () => {
    expect(
      judge("dynamodb:Query", `${T}/index/a`, { Effect: "Allow", Action: "dynamodb:*", Resource: `${T}/index/?` }),
    ).toBe("allowed");
    expect(
      judge("dynamodb:Query", `${T}/index/ab`, { Effect: "Allow", Action: "dynamodb:*", Resource: `${T}/index/?` }),
    ).toBe("implicitDeny");
    expect(judge("dynamodb:Query", "tableXusers", { Effect: "Allow", Action: "*", Resource: "table.users" })).toBe(
      "implicitDeny",
    );
  });

  it("lets a Deny win over any Allow", () => {
    const statements = [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "dynamodb:Scan", Resource: "*" },
    ];
    expect(judge("dynamodb:Scan", T, ...statements)).toBe("explicitDeny");
    expect(judge("dynamodb:Query", T, ...statements)).toBe("allowed");
  });

  it("fails closed on Condition, NotAction and NotResource", () => {
    expect(judge("dynamodb:Scan", T, { Effect: "Allow", Action: "*", Resource: "*", Condition: { Bool: {} } })).toBe(
      "implicitDeny",
    );
    expect(judge("dynamodb:Scan", T, { Effect: "Allow", NotAction: "s3:*", Resource: "*" })).toBe("implicitDeny");
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    expect(judge("dynamodb:Scan", T, all, { Effect: "Deny", Action: "*", NotResource: "x" })).toBe("explicitDeny");
  });

  it("rejects a policy that is no policy", () => {
    expect(() => parsePolicy("{")).toThrow("MalformedPolicyDocument");
    expect(() => parsePolicy({ Statement: { Effect: "Allow", Resource: "*" } })).toThrow("must contain actions");
  });
});
