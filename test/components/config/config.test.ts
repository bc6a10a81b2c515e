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
  it.each([
    ["[", "is broken JSON: a bracket or a quote is not closed"],
    ['["Developers', "is broken JSON: a bracket or a quote is not closed"],
    ['["Developers" "Designers"]', "is broken JSON"],
    ['{"startsWith": }', "is broken JSON"],
  ])("says that JSON is broken, instead of what a text is not: %s", (pushGroups, wrong) => {
    const [problem, ...others] = problemsOf({ tenant: "acme", pushGroups });
    expect(problem).toContain(`pushGroups: ${wrong}`);
    expect(others).toEqual([]);
  });

  it("quotes nothing of a broken text, which may hold a secret", () => {
    const endpoint = '{"kind":"external","baseUrl":"https://scim.example.com/","token":"s3cret" x}';
    const problems = problemsOf({ tenant: "acme", endpoint }).join();
    expect(problems).toContain("endpoint: is broken JSON");
    expect(problems).not.toContain("s3cret");
  });

  it("needs only a tenant and fills in the defaults of the configuration table", () => {
    expect(parseTenantConfig(config({ tenant: "acme" }))).toEqual({
      tenant: "acme",
      endpoint: { kind: "managed" },
      app: { template: "saml" },
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
      readers: [],
      events: undefined,
      stage: "production",
      alarms: undefined,
      oktaHalf: "managed",
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
    ["https://scim.example.com/v1?x=1", "has parts other than host and path"],
    ["https://me:pw@scim.example.com/v1", "has parts other than host and path"],
  ])("rejects the base URL %s, because it %s", (baseUrl, wrong) => {
    const [problem, ...more] = problemsOf({ tenant: "acme", endpoint: { kind: "external", baseUrl, token: "t" } });
    expect(problem).toMatch(/^endpoint\.baseUrl: .+; allowed: .+; fix: .+$/);
    expect(problem).toContain(wrong);
    expect(more).toEqual([]);
  });

  it("accepts an external base URL and removes its trailing slash, and accepts plain http on this machine", () => {
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

  it("rejects, in every deployment, a pattern that finds the assignment group or a group that the stack creates", () => {
    const pushGroups = [{ name: "Dev tools", create: true }, { startsWith: "dev" }, { contains: "Endpoint" }];
    const problems = problemsOf({ tenant: "acme", pushGroups });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('pushGroups[1]: dev* matches the group "Dev tools" too');
    expect(problems[1]).toContain('pushGroups[2]: *Endpoint* matches the assignment group "iru_endpoint_users" too');
  });

  it("keeps the blank at the end of a prefix, which distinguishes Team 1 from Teamwork", () => {
    const { pushGroups } = parseTenantConfig(config({ tenant: "acme", pushGroups: [{ startsWith: "Team " }] }));
    expect(pushGroups[0]?.startsWith).toBe("Team ");
    expect(problemsOf({ tenant: "acme", pushGroups: [{ contains: " " }] })).toHaveLength(1);
  });

  it("checks each entry even if another is malformed, and reports a misspelt key as one problem", () => {
    const problems = problemsOf({ tenant: "acme", pushGroups: ["Everyone", "iru_endpoint_users", { nam: "X" }] });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "pushGroups[2]",
      "pushGroups[0]",
      "pushGroups[1]",
    ]);
    expect(problems[0]).toBe(
      "pushGroups[2]: has the unknown key nam; allowed: a group name, or an object with exactly one of name, id, startsWith, contains; fix: pulumi config rm --path 'pushGroups[2].nam'",
    );
  });

  it("reports one malformed and three wrong groups and two keys that do not fit an external endpoint: six problems", () => {
    const problems = problemsOf({
      tenant: "acme",
      endpoint: { kind: "external", baseUrl: "https://scim.example.com/v1", token: "t" },
      pushGroups: [{ startsWith: "a", contains: "b" }, "Everyone", "iru_endpoint_users", { startsWith: "iru_" }],
      throttle: { ratePerSecond: 100, burst: 200 },
      tokenGeneration: 2,
    });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      ...["pushGroups[0]", "pushGroups[1]", "pushGroups[2]", "pushGroups[3]", "throttle", "tokenGeneration"],
    ]);
  });

  it.each<[string, unknown]>([
    ["throttle", { ratePerSecond: 100 }],
    ["reservedConcurrency", 5],
    ["tokenGeneration", 2],
    ["acceptPreviousToken", false],
    ["readers", ["hr"]],
    ["events", { eventBus: true }],
    ["alarms", { email: "ops@example.com" }],
  ])("rejects %s with an external endpoint, even if its token is missing", (key, value) => {
    const endpoint = { kind: "external", baseUrl: "https://scim.example.com/v1" };
    const problems = problemsOf({ tenant: "acme", endpoint, [key]: value });
    expect(problems).toEqual([
      expect.stringMatching(
        /^endpoint\.token: is missing; .*; fix: pulumi config set --secret --path endpoint\.token$/,
      ),
      `${key}: concerns the SCIM service on AWS, and an external endpoint has none; allowed: ${key} with endpoint.kind managed only; fix: pulumi config rm ${key}`,
    ]);
  });

  it("accepts with an external endpoint the defaults that Pulumi.yaml gives to every stack", () => {
    const endpoint = { kind: "external", baseUrl: "https://scim.example.com/v1", token: "t" };
    const defaults = {
      throttle: {},
      reservedConcurrency: 0,
      tokenGeneration: 1,
      acceptPreviousToken: true,
      readers: [],
      events: {},
      alarms: {},
    };
    expect(problemsOf({ tenant: "acme", endpoint, ...defaults })).toEqual([]);
  });

  it.each([
    ["Bearer abc", "starts with the word Bearer, which Okta sends itself"],
    ["  ", "is empty"],
    ["two words", "contains a blank"],
  ])("rejects the token %j", (token, wrong) => {
    const endpoint = { kind: "external", baseUrl: "https://scim.example.com/v1", token };
    const problems = problemsOf({ tenant: "acme", endpoint });
    expect(problems).toEqual([expect.stringContaining(`endpoint.token: ${wrong}; allowed: the token alone`)]);
    expect(problems[0]).not.toContain(token.trim() === "" ? "no such text" : token);
  });

  it.each(["Users", "groups/", "ServiceProviderConfig"])("rejects a base URL that ends in /%s", (end) => {
    const endpoint = { kind: "external", baseUrl: `https://scim.example.com/v1/${end}`, token: "t" };
    const [problem, ...more] = problemsOf({ tenant: "acme", endpoint });
    expect(problem).toContain("endpoint.baseUrl: ends in the path of a resource, which Okta appends itself");
    expect(more).toEqual([]);
  });

  it.each(["Everyone", "everyone"])("rejects the assignment group %s", (assignmentGroup) => {
    const problems = problemsOf({ tenant: "acme", assignmentGroup });
    expect(problems).toEqual([
      "assignmentGroup: is Okta's built-in group of the whole org; allowed: a group name of 1 to 255 characters, other than Everyone; fix: pulumi config set assignmentGroup iru_endpoint_users",
    ]);
  });

  it("gives the help of the value itself, not of the structure around it", () => {
    const [problem] = problemsOf({ tenant: "acme", pushGroups: [{ name: "Developers", targetName: 5 }] });
    expect(problem).toBe(
      "pushGroups[0].targetName: is not a text; allowed: a name of 1 to 255 characters; with name or id only, because it names one group; fix: pulumi config set --path 'pushGroups[0].targetName' Engineering",
    );
  });

  it("suggests the right key for a misspelt one, and names the stack in its commands", () => {
    const raw = { "okta-scim-directory:tenant": "acme", "okta-scim-directory:connections": "ready" };
    expect(() => parseTenantConfig(raw, "acme prod")).toThrow(
      "connections: is not a configuration key; did you mean connection?",
    );
    expect(() => parseTenantConfig(raw, "acme prod")).toThrow(
      "fix: pulumi config rm --stack 'acme prod' connections && pulumi config set --stack 'acme prod' connection ready",
    );
  });

  it("rejects two groups that would fill one group of the directory, as far as their names tell", () => {
    const problems = problemsOf({ tenant: "acme", pushGroups: ["Finance", { name: "Money", targetName: "finance" }] });
    expect(problems).toEqual([
      expect.stringContaining(
        'pushGroups[1]: would fill the group "finance" of the directory, which pushGroups[0] fills',
      ),
    ]);
  });

  it("treats blanks as part of a group's name", () => {
    const { pushGroups } = parseTenantConfig(config({ tenant: "acme", pushGroups: ["  spaced  "] }));
    expect(pushGroups[0]?.name).toBe("  spaced  ");
  });

  it("gives a command that can be pasted for every problem", () => {
    const problems = problemsOf({
      tenant: "No",
      endpoint: { kind: "external", baseUrl: "x" },
      app: { template: "oidc", colour: "blue" },
      connection: "maybe",
      provisioning: { createUsers: "yes" },
      pushGroups: [
        { id: "no" },
        { name: "" },
        5,
        { startsWith: "a", targetName: "b" },
        { contains: "a", create: true },
      ],
      attributes: ["shoeSize"],
      throttle: { burst: 0 },
      reservedConcurrency: -1,
      alarms: { email: "nobody", topicArn: "none" },
      colour: "blue",
    });
    expect(problems.length).toBeGreaterThan(15);
    for (const problem of problems) expect(problem).toMatch(/; fix: pulumi config (set|rm) [^…<>]+$/);
  });
});
