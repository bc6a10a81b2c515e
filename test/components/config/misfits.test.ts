import { describe, expect, it } from "vitest";
import { parseTenantConfig } from "../../../components/config/tenant.ts";

const problemsOf = (values: Record<string, unknown>): string[] => {
  const raw = Object.entries({ tenant: "acme", ...values }).map(([key, value]) => [
    `okta-scim-directory:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  try {
    parseTenantConfig(Object.fromEntries(raw) as Record<string, string>, "acme");
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split("\n").slice(1) : [String(error)];
  }
};

const external = { kind: "external", baseUrl: "https://scim.example.com/v1", token: "t" };

describe("keys beside oktaHalf: byHand", () => {
  it("refuses an external endpoint, because nothing would be left to create", () => {
    expect(problemsOf({ oktaHalf: "byHand", endpoint: external })).toEqual([
      "  oktaHalf: is byHand, and the endpoint is external: the stack would create nothing; allowed: byHand with endpoint.kind managed only; fix: pulumi config set --stack acme oktaHalf managed",
    ]);
  });

  it("refuses each option that only the stack could carry out, all together", () => {
    const problems = problemsOf({
      oktaHalf: "byHand",
      attributeMapping: true,
      pushGroups: [{ name: "A", keepTargetOnDelete: true, status: "INACTIVE" }, "B"],
    });
    expect(problems.map((problem) => /^ {2}([^:]+):.*; fix: (.*)$/.exec(problem)?.slice(1))).toEqual([
      ["attributeMapping", "pulumi config rm --stack acme attributeMapping"],
      ["pushGroups[0].keepTargetOnDelete", "pulumi config rm --stack acme --path 'pushGroups[0].keepTargetOnDelete'"],
      ["pushGroups[0].status", "pulumi config rm --stack acme --path 'pushGroups[0].status'"],
    ]);
  });

  it("accepts the defaults and everything that concerns the service", () => {
    const pushGroups = [{ name: "A", keepTargetOnDelete: false, status: "ACTIVE", create: true, targetName: "B" }];
    const service = { throttle: { burst: 5 }, tokenGeneration: 2, alarms: { email: "ops@example.com" } };
    expect(problemsOf({ oktaHalf: "byHand", attributeMapping: false, pushGroups, ...service })).toEqual([]);
  });

  it("refuses any other word", () => {
    const [problem] = problemsOf({ oktaHalf: "manual" });
    expect(problem).toContain(
      "oktaHalf: is not one of the allowed values; allowed: managed or byHand; fix: pulumi config set --stack acme oktaHalf managed",
    );
  });
});

describe("attributes beside an external endpoint", () => {
  it("are refused where nothing maps them, and accepted where attributeMapping does", () => {
    const [problem, ...more] = problemsOf({ endpoint: external, attributes: "standard" });
    expect(problem).toMatch(/^ {2}attributes: has no effect: .*; fix: pulumi config rm --stack acme attributes$/);
    expect(more).toEqual([]);
    expect(problemsOf({ endpoint: external, attributes: "standard", attributeMapping: true })).toEqual([]);
    expect(problemsOf({ endpoint: external, attributes: "iru" })).toEqual([]);
  });
});
