import { describe, expect, it } from "vitest";
import { parseTenantConfig } from "../../../components/config/tenant.ts";
import { UserError } from "../../../components/config/errors.ts";

const config = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `okta-scim-directory:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

const problemsOf = (values: Record<string, unknown>): string[] => {
  try {
    parseTenantConfig(config(values));
  } catch (error) {
    if (error instanceof UserError)
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
  return [];
};

describe("configuration", () => {
  it("needs only a tenant and fills in the defaults of the configuration table", () => {
    expect(parseTenantConfig(config({ tenant: "acme" }))).toEqual({
      tenant: "acme",
      endpoint: { kind: "managed" },
      app: { label: "Iru Endpoint SCIM", template: "saml", userNameTemplate: "${source.login}" },
      connection: "pending",
      provisioning: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
      assignmentGroup: "iru_endpoint_users",
      pushGroups: [],
      groupRules: "automatic",
      attributes: "iru",
      attributeMapping: false,
      throttle: { ratePerSecond: 500, burst: 1000 },
      tokenGeneration: 1,
      acceptPreviousToken: true,
      stage: "production",
      alarms: undefined,
    });
  });

  it("lists all five mistakes of a bad file, each with path, what is wrong, what is allowed and how to fix it", () => {
    const problems = problemsOf({
      tenant: "Not A Slug",
      connection: "maybe",
      throttle: { ratePerSecond: 0 },
      pushGroups: ["Developers", { startsWith: "a", contains: "b" }],
      colour: "blue",
    });
    expect(problems).toHaveLength(5);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "colour",
      "tenant",
      "connection",
      "pushGroups[1]",
      "throttle.ratePerSecond",
    ]);
    for (const problem of problems) expect(problem).toMatch(/^.+: .+; allowed: .+; fix: .+$/);
  });

  it("says that a missing tenant is required", () => {
    expect(problemsOf({})).toEqual([
      "tenant: is required and not set; allowed: 2 to 24 of a-z, 0-9 and -, starting with a letter and not ending in -; fix: pulumi config set tenant acme",
    ]);
  });

  it("rejects a group that is both assigned and pushed, and says why", () => {
    const [problem, ...more] = problemsOf({ tenant: "acme", pushGroups: ["IRU_endpoint_users"] });
    expect(more).toEqual([]);
    expect(problem).toContain('pushGroups[0]: "IRU_endpoint_users" is the assignment group too');
    expect(problem).toContain("the assignment takes precedence");
  });

  it("rejects Everyone and a group named twice, together", () => {
    const problems = problemsOf({ tenant: "acme", pushGroups: ["Everyone", "Developers", { name: "developers" }] });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["pushGroups[0]", "pushGroups[2]"]);
  });

  it("rejects an attribute that RFC 7643 does not define", () => {
    const [problem] = problemsOf({ tenant: "acme", attributes: ["userName", "shoeSize"] });
    expect(problem).toContain('names "shoeSize"');
  });

  it("never repeats the token of an external endpoint", () => {
    const problems = problemsOf({
      tenant: "acme",
      endpoint: { kind: "external", baseUrl: "nowhere", token: "s3cr3t-t0ken" },
    });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain("s3cr3t");
  });

  it.each([
    ["http://scim.example.com/v1", "is not https"],
    ["https://scim.example.com/my_tenant", "has an underscore, which Okta refuses in a base URL"],
    ["https://scim.example.com/v1?x=1", "has more than host and path"],
    ["https://me:pw@scim.example.com/v1", "has more than host and path"],
  ])("rejects the base URL %s, because it %s", (baseUrl, wrong) => {
    const [problem, ...more] = problemsOf({ tenant: "acme", endpoint: { kind: "external", baseUrl, token: "t" } });
    expect(problem).toMatch(/^endpoint\.baseUrl: .+; allowed: .+; fix: .+$/);
    expect(problem).toContain(wrong);
    expect(more).toEqual([]);
  });

  it("takes an external base URL without its last slash, and plain http on this machine", () => {
    for (const [given, read] of [
      ["https://accuhive.api.kandji.io/api/v1/scim/", "https://accuhive.api.kandji.io/api/v1/scim"],
      ["http://127.0.0.1:8480/api/v1/scim", "http://127.0.0.1:8480/api/v1/scim"],
    ]) {
      const { endpoint } = parseTenantConfig(
        config({ tenant: "acme", endpoint: { kind: "external", baseUrl: given, token: "t" } }),
      );
      expect(endpoint).toEqual({ kind: "external", baseUrl: read, token: "t" });
    }
  });

  it("rejects, in every deployment alike, a pattern that finds the assignment group or a group that the stack makes", () => {
    const pushGroups = [{ name: "Dev tools", create: true }, { startsWith: "dev" }, { contains: "Endpoint" }];
    const problems = problemsOf({ tenant: "acme", pushGroups });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('pushGroups[1]: dev* finds the group "Dev tools" too');
    expect(problems[1]).toContain('pushGroups[2]: *Endpoint* finds the assignment group "iru_endpoint_users" too');
  });

  it("keeps the blank at the end of a prefix, which tells Team 1 from Teamwork", () => {
    const { pushGroups } = parseTenantConfig(config({ tenant: "acme", pushGroups: [{ startsWith: "Team " }] }));
    expect(pushGroups[0]?.startsWith).toBe("Team ");
    expect(problemsOf({ tenant: "acme", pushGroups: [{ contains: " " }] })).toHaveLength(1);
  });
});
