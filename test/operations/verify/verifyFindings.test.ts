import { describe, expect, it } from "vitest";
import { app, faults, mapping, pushedByHand, set } from "../../support/operations/changes.ts";
import { assignment, people, rightWorld, type World } from "../../support/operations/support.ts";

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
      "A request without the token is rejected",
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
      "the assignment group pushed by hand",
      pushedByHand("00gAssigned"),
      "No group is both assigned and pushed",
      /^in both places: iru_endpoint_users$/,
    ],
    [
      "a group that is assigned and pushed by hand, by its name",
      (world) => {
        world.groups.push({ id: "00gHand", name: "By hand", type: "OKTA_GROUP" });
        world.assignedGroups = ["00gAssigned", "00gHand"];
        pushedByHand("00gHand")(world);
      },
      "No group is both assigned and pushed",
      /^in both places: By hand$/,
    ],
    [
      "an assigned person that Okta never provisioned",
      (world) => {
        world.assigned = [{ ...assignment("00uAda", "ada@example.com", undefined), syncState: "DISABLED" }];
        world.records = [];
      },
      "Everyone assigned is in the directory",
      /ada@example.com/,
    ],
    [
      "a member who is not assigned",
      set("members", { "00gDevelopers": [people.ada, people.bob] }),
      "Members of pushed groups are assigned",
      /Developers: 1 person \(bob@example\.com\)$/,
    ],
    [
      "a pushed group that is gone",
      (world) => void world.groups.splice(1, 1),
      "Developers is pushed",
      /does not exist in the org any more/,
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
      set("directory", {}),
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
      "someone active in the directory who is not assigned in Okta",
      (world) => world.records.push({ id: "scim-9", userName: "gone@example.com", active: true }),
      "Nobody is active in the directory without being assigned in Okta",
      /^active, but not assigned: 1 person \(gone@example\.com\)$/,
    ],
    [
      "a person whose provisioning failed, in Okta's words",
      (world) => {
        const failed = { syncState: "ERROR", errorMessage: "Unauthorized. Errors reported by remote server: no" };
        world.assigned = [{ ...assignment("00uAda", "ada@example.com", "scim-1"), ...failed }];
      },
      "The last provisioning of everyone succeeded",
      /^failed in Okta: 1 person \(ada@example\.com\): Unauthorized\. Errors reported by remote server: no$/,
    ],
    [
      "a failure that names an address of another tenant",
      (world) => {
        const failed = { syncState: "ERROR", errorMessage: "GET https://old.example.com/v1/Users: Not Found" };
        world.assigned = [{ ...assignment("00uAda", "ada@example.com", "scim-1"), ...failed }];
      },
      "No failure of Okta names another address",
      /^Okta pushes to old\.example\.com, and this tenant answers at scim\.example\.com$/,
    ],
    [
      "people that the directory does not list",
      set("listing", { status: 500, body: { detail: "no" } }),
      "Nobody is active in the directory without being assigned in Okta",
      /^the people cannot be listed: 500: no$/,
    ],
    [
      "a pushed group whose members differ, counted and named",
      (world) => {
        world.members = { "00gDevelopers": [people.ada, people.bob] };
        world.assigned.push(assignment("00uBob", "bob@example.com", "scim-2"));
        world.records.push({ id: "scim-2", userName: "bob@example.com", active: true });
        world.records.push({ id: "scim-3", userName: "eve@example.com", active: false });
        world.directory = { Developers: ["scim-1", "scim-3"] };
      },
      "Developers has the same members on both sides",
      /^missing in the directory: 1 person \(bob@example\.com\); only in the directory: 1 person \(eve@example\.com\)$/,
    ],
    [
      "a mapping whose group is gone",
      (world) => void world.groups.splice(2, 1),
      "Developers is pushed",
      /gone from Okta and the directory/,
    ],
    [
      "a rule that can no longer fill the assignment group",
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
      "an attribute that is mapped in another way",
      (world) => {
        world.config = { ...world.config, attributeMapping: true, attributes: ["userName", "title"] };
        world.profileMapping = { title: { expression: "user.nickName", pushStatus: "PUSH" } };
      },
      "Attribute mappings (optional)",
      /in another way: title$/,
    ],
  ])("%s", async (_what, change, title, detail) => {
    const found = (await faults(change)).find((check) => check.title === title);
    expect(found).toMatchObject({ state: "wrong", remedy: expect.stringMatching(/\w{4}/) as string });
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
      "of groups that newly match a pattern",
      (world) => {
        world.config = { ...world.config, pushGroups: [{ startsWith: "Dev" }] };
        world.groups.push({ id: "00gDevOps", name: "DevOps", type: "OKTA_GROUP" });
      },
      "Every group that a pattern matches is pushed",
      /not pushed yet: DevOps$/,
    ],
    [
      "of a group that was pushed by hand",
      (world) => {
        world.mappings.push(
          ...rightWorld()
            .mappings.slice(0, 1)
            .map((mapping) => ({ ...mapping, id: "gPmTwo", sourceGroupId: "00gSales" })),
        );
      },
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
      "of an app that people see",
      app({ hiddenOnIos: false }),
      "The app is hidden from people's dashboards",
      /people see/,
    ],
    [
      "of a pushed group that was renamed in Okta",
      (world) => void (world.groups[1] = { id: "00gDevelopers", name: "Engineering", type: "OKTA_GROUP" }),
      "Developers has its name in Okta",
      /called "Engineering" now/,
    ],
    [
      "of two tokens that are accepted",
      (world) => void (world.config = { ...world.config, tokenGeneration: 3 }),
      "Only the newest token is accepted",
      /^generations 2 and 3 are accepted/,
    ],
    [
      "of two addresses that answer",
      (world) => {
        const domain = { name: "scim.example.com", hostedZoneId: "Z0123456789ABC" };
        world.config = { ...world.config, endpoint: { kind: "managed", domain } };
      },
      "Only the custom domain answers",
      /^the default address answers beside scim\.example\.com/,
    ],
    [
      "of someone provisioned who is inactive in the directory",
      (world) => void (world.records = [{ id: "scim-1", userName: "ada@example.com", active: false }]),
      "Everyone provisioned is active in the directory",
      /1 person \(ada@example\.com\)$/,
    ],
    [
      "of sign-on settings that lead somewhere",
      app({ ssoUrl: "https://app.example.com/" }),
      "Single sign-on URL and audience are dummies",
      /app\.example/,
    ],
  ])("%s", async (_what, change, title, detail) => {
    const found = await faults(change);
    expect(found.map((check) => [check.title, check.state])).toEqual([[title, "warning"]]);
    expect(found[0]?.detail).toMatch(detail);
  });
});
