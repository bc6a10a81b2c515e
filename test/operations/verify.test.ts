import { describe, expect, it } from "vitest";
import { renderChecks, summarize } from "../../operations/verify/report.ts";
import { isRight, type Check } from "../../operations/verify/verifyTenant.ts";
import { people, rightWorld, verify, type World } from "../support/operations/support.ts";

/** What is not right once the world was changed. */
async function faults(change: (world: World) => void): Promise<Check[]> {
  const world = rightWorld();
  change(world);
  const checks = await verify(world);
  return checks.filter(({ verdict }) => verdict === "wrong" || verdict === "warning");
}
const set =
  <K extends keyof World>(key: K, value: World[K]) =>
  (world: World) =>
    void (world[key] = value);
const app = (changes: Partial<NonNullable<World["app"]>>) => (world: World) => {
  if (world.app !== undefined) world.app = { ...world.app, ...changes };
};
const mapping = (changes: Partial<World["mappings"][number]>) => (world: World) => {
  world.mappings = world.mappings.map((one) => ({ ...one, ...changes }));
};

describe("verify of a tenant that is right", () => {
  it("finds nothing wrong, in the order of the article, and says what no API tells", async () => {
    const checks = await verify(rightWorld());
    expect(isRight(checks)).toBe(true);
    expect([...new Set(checks.map(({ section }) => section))]).toEqual([
      "Prerequisites",
      "Creating the SCIM integration in Okta",
      "Configuring SCIM settings",
      "Configure App Provisioning",
      "Users and groups",
      "Pushing groups",
      "Automatically updating the assignment group",
    ]);
    expect(summarize(checks)).toBe(`${checks.length - 1} right, 1 unknown to any API`);
  });
});

describe("verify finds wrong, with a remedy", () => {
  it.each<[string, (world: World) => void, string, RegExp]>([
    ["an app that is gone", set("app", undefined), "The app exists", /no app with the id/],
    ["an inactive app", app({ status: "INACTIVE" }), "The app exists and is active", /is INACTIVE/],
    ["another label", app({ label: "Mine" }), "The app has its name", /it is "Mine" instead of "Iru Endpoint SCIM"/],
    [
      "another template",
      app({ name: "scim2headerauth", signOnMode: "AUTO_LOGIN" }),
      "The app is made from the right template",
      /scim2headerauth \(AUTO_LOGIN\) instead of saml/,
    ],
    ["an app that people see", app({ hiddenOnIos: false }), "The app is hidden from people's dashboards", /people see/],
    [
      "another userName",
      app({ userNameTemplate: "${source.email}" }),
      "The userName comes from the right attribute",
      /source.email/,
    ],
    [
      "provisioning that is off",
      app({ features: ["PUSH_NEW_USERS"] }),
      "The wanted provisioning actions are on",
      /Update User Attributes \(PUSH_PROFILE_UPDATES\), Deactivate Users \(PUSH_USER_DEACTIVATION\), Push Groups \(GROUP_PUSH\)$/,
    ],
    ["a token in plain text", set("tokenEncrypted", false), "The token stands nowhere in plain text", /readable/],
    [
      "a token that the service refuses",
      set("connector", { status: 401, body: { detail: "The token is unknown." } }),
      "The connector test passes with the real token",
      /^401: The token is unknown\.$/,
    ],
    [
      "a service that cannot be reached",
      set("connector", { status: undefined, body: "connect ECONNREFUSED" }),
      "The connector test passes with the real token",
      /^no answer: connect ECONNREFUSED$/,
    ],
    [
      "an answer that Okta does not take",
      set("connector", { status: 200, body: { totalResults: "1" } }),
      "The connector test passes with the real token",
      /no whole numbers/,
    ],
    [
      "a service that is open to all",
      set("withoutToken", { status: 200, body: {} }),
      "A request without the token is refused",
      /^200$/,
    ],
    ["an assignment that is gone", set("assignedGroups", []), "The assignment group is assigned to the app", /nobody/],
    [
      "a group that is assigned and pushed",
      set("assignedGroups", ["00gAssigned", "00gDevelopers"]),
      "No group is both assigned and pushed",
      /Developers/,
    ],
    [
      "someone assigned whom Okta never provisioned",
      set("assigned", [{ id: "00uAda", userName: "ada@example.com", externalId: undefined, syncState: "DISABLED" }]),
      "Everyone assigned is in the directory",
      /ada@example.com/,
    ],
    [
      "a member who is not assigned",
      set("members", { "00gDevelopers": [people.ada, people.bob] }),
      "Members of pushed groups are assigned",
      /Developers: bob@example.com$/,
    ],
    [
      "a pushed group that is gone",
      (world) => void world.groups.splice(1, 1),
      "Developers is pushed",
      /gone from the org/,
    ],
    ["a mapping that is gone", set("mappings", []), "Developers is pushed", /no mapping/],
    [
      "a mapping in ERROR, in Okta's words",
      mapping({ status: "ERROR", errorSummary: "Conflict. Errors reported by remote server: taken" }),
      "Developers is pushed",
      /^the mapping is in ERROR: Conflict\. Errors reported by remote server: taken$/,
    ],
    [
      "a mapping that was paused by hand",
      mapping({ status: "INACTIVE" }),
      "Developers is pushed",
      /INACTIVE instead of ACTIVE/,
    ],
    [
      "a group that the directory lacks",
      set("directory", []),
      "Developers is pushed",
      /the directory has no group "Developers"/,
    ],
    [
      "a rule that was switched off",
      (world) => void (world.rules = world.rules.map((rule) => ({ ...rule, status: "INACTIVE" }))),
      "A rule puts the members of each pushed group in the assignment group",
      /no active rule for Developers/,
    ],
    [
      "an attribute that is mapped in another way",
      (world) => {
        world.config = { ...world.config, attributeMapping: true, attributes: ["userName", "title"] };
        world.profileMapping = { title: { expression: "user.nickName", pushStatus: "PUSH" } };
      },
      "Attribute mappings (optional)",
      /in another way: title$/,
    ],
  ])("%s", async (_what, change, step, detail) => {
    const found = (await faults(change)).find((check) => check.step === step);
    expect(found).toMatchObject({ verdict: "wrong", remedy: expect.stringMatching(/\w{4}/) as string });
    expect(found?.detail).toMatch(detail);
  });
});

describe("verify warns, and still finds the tenant right", () => {
  it.each<[string, (world: World) => void, string, RegExp]>([
    [
      "of imports that are on",
      (world) => app({ features: [...(world.app?.features ?? []), "IMPORT_NEW_USERS"] })(world),
      "Nothing else is on",
      /Import New Users \(IMPORT_NEW_USERS\)/,
    ],
    [
      "of a pushed group that a rule fills",
      (world) =>
        void world.rules.push({
          id: "0prTwo",
          name: "Engineers",
          status: "ACTIVE",
          expression: "true",
          targets: ["00gDevelopers"],
        }),
      "No pushed group is itself filled by a rule",
      /filled by rules: Developers/,
    ],
    [
      "of a rule that can fill the assignment group no more",
      (world) =>
        void world.rules.push({
          id: "0prTwo",
          name: "Old",
          status: "INVALID",
          expression: "true",
          targets: ["00gAssigned"],
        }),
      "Every rule of the assignment group is active",
      /Old \(INVALID\)/,
    ],
    [
      "of groups that a pattern finds anew",
      (world) => {
        world.config = { ...world.config, pushGroups: [{ startsWith: "Dev" }] };
        world.groups.push({ id: "00gDevOps", name: "DevOps", type: "OKTA_GROUP" });
      },
      "No group matches a pattern anew",
      /not pushed yet: DevOps$/,
    ],
    [
      "of a group that was pushed by hand",
      (world) => void world.mappings.push({ ...rightWorld().mappings[0]!, id: "gPmTwo", sourceGroupId: "00gSales" }),
      "Nothing else is pushed",
      /00gSales/,
    ],
    [
      "of another assigned group",
      set("assignedGroups", ["00gAssigned", "00gSales"]),
      "No other group is assigned",
      /00gSales/,
    ],
    [
      "of sign-on settings that lead somewhere",
      app({ ssoUrl: "https://app.example.com/" }),
      "Single sign-on URL and audience are dummies",
      /app\.example/,
    ],
  ])("%s", async (_what, change, step, detail) => {
    const found = await faults(change);
    expect(found.map((check) => [check.step, check.verdict])).toEqual([[step, "warning"]]);
    expect(found[0]?.detail).toMatch(detail);
  });
});

describe("verify of a tenant that is", () => {
  it("pending looks at what can be there, and names the console step as what is missing", async () => {
    const world = rightWorld();
    world.config = { pushGroups: ["Developers"] };
    Object.assign(world, { mappings: [], assigned: [], assignedGroups: [], rules: [] });
    app({ features: [] })(world);
    const wrong = (await verify(world)).filter(({ verdict }) => verdict === "wrong");
    expect(wrong.map(({ step }) => step)).toEqual(["The wanted provisioning actions are on"]);
    expect(wrong[0]?.remedy).toContain("follow the stack's output nextSteps");
  });

  it("paused in one group takes that for what the configuration says", async () => {
    const world = rightWorld();
    world.pushGroups = { Developers: { sourceGroupId: "00gDevelopers", mappingId: "gPmOne", status: "INACTIVE" } };
    mapping({ status: "INACTIVE" })(world);
    const checks = await verify(world);
    expect(isRight(checks)).toBe(true);
    expect(checks.find(({ step }) => step === "Developers is pushed")?.verdict).toBe("unknown");
  });

  it("right, but has people whom Okta does not push, does not miss them", async () => {
    const world = rightWorld();
    const left = (status: string): typeof people.bob => ({ ...people.bob, status });
    world.members["00gDevelopers"] = [people.ada, left("SUSPENDED"), left("DEPROVISIONED"), left("STAGED")];
    expect(isRight(await verify(world))).toBe(true);
  });

  it("right lists who is assigned and in no pushed group", async () => {
    const world = rightWorld();
    world.assigned.push({ id: "00uBob", userName: "bob@example.com", externalId: "scim-2", syncState: "SYNCHRONIZED" });
    const alone = (await verify(world)).find(({ step }) => step === "Assigned and in no pushed group");
    expect(alone).toMatchObject({
      verdict: "right",
      detail: "bob@example.com: in the directory, in none of its groups",
    });
  });
});

describe("the checklist for people", () => {
  it("stands under the article's headings, has a mark for each verdict and a remedy beneath, and colour only where wanted", () => {
    const checks: Check[] = [
      { section: "One", step: "A", verdict: "right", detail: "a" },
      { section: "One", step: "B", verdict: "wrong", detail: "b", remedy: "mend b" },
      { section: "Two", step: "C", verdict: "unknown", detail: "c" },
      { section: "Two", step: "D", verdict: "warning", detail: "d", remedy: "look at d" },
    ];
    expect(renderChecks(checks, false)).toEqual([
      "",
      "One",
      "  ✓ A: a",
      "  ✗ B: b",
      "      → mend b",
      "",
      "Two",
      "  ? C: c",
      "  ! D: d",
      "      → look at d",
    ]);
    expect(renderChecks(checks, true).join()).toContain("\u001b[31m✗");
    expect(summarize(checks)).toBe("1 right, 1 warning, 1 wrong, 1 unknown to any API");
    expect(isRight(checks)).toBe(false);
  });
});
