import { describe, expect, it } from "vitest";
import type { Check } from "../../../operations/verify/check.ts";
import { isRight, renderChecks, summarize, toJson } from "../../../operations/verify/report.ts";
import { app, mapping } from "../../support/operations/changes.ts";
import { assignment, people, rightWorld, verify } from "../../support/operations/support.ts";

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

describe("verify of a tenant that is", () => {
  it("pending checks what can exist, and names the console step as missing", async () => {
    const world = rightWorld();
    world.config = { pushGroups: ["Developers"] };
    Object.assign(world, { mappings: [], assigned: [], assignedGroups: [], rules: [], records: [] });
    app({ features: [] })(world);
    const wrong = (await verify(world)).filter(({ state }) => state === "wrong");
    expect(wrong.map(({ title }) => title)).toEqual(["The wanted provisioning actions are on"]);
    expect(wrong[0]?.remedy).toContain('do the steps of "npm run next-steps -- --stack acme"');
  });

  it("paused in one group accepts the pause of the configuration", async () => {
    const world = rightWorld();
    world.pushGroups = { Developers: { sourceGroupId: "00gDevelopers", mappingId: "gPmOne", status: "INACTIVE" } };
    mapping({ status: "INACTIVE" })(world);
    const checks = await verify(world);
    expect(isRight(checks)).toBe(true);
    expect(checks.find(({ title }) => title === "Developers is pushed")?.state).toBe("unknown");
  });

  it("right, but has people that Okta does not push, does not report them as missing", async () => {
    const world = rightWorld();
    const left = (status: string): typeof people.bob => ({ ...people.bob, status });
    world.members["00gDevelopers"] = [people.ada, left("SUSPENDED"), left("DEPROVISIONED"), left("STAGED")];
    expect(isRight(await verify(world))).toBe(true);
  });

  it("right lists people who are assigned and in no pushed group", async () => {
    const world = rightWorld();
    world.assigned.push(assignment("00uBob", "bob@example.com", "scim-2"));
    world.records.push({ id: "scim-2", userName: "bob@example.com", active: true });
    const alone = (await verify(world)).find(({ title }) => title === "Assigned and in no pushed group");
    expect(alone).toMatchObject({
      state: "right",
      detail: "bob@example.com: in the directory, in none of its groups",
    });
  });
});

describe("verify of a reader", () => {
  const [ok, refused] = [
    { status: 200, body: {} },
    { status: 403, body: { detail: "may only read" } },
  ];
  const checksOf = async (readers: ReturnType<typeof rightWorld>["readers"]) => {
    const world = rightWorld();
    Object.assign(world, { config: { ...world.config, readers: ["hr"] }, readers });
    return (await verify(world)).filter(({ id }) => id.startsWith("reader:"));
  };
  const deploy = 'run "pulumi up --stack acme", then give hr its token of the output readerTokens';

  it("accepts a token that reads and is refused for a change", async () => {
    expect(await checksOf({ hr: { read: ok, write: refused } })).toEqual([
      {
        id: "reader:hr",
        section: "Configuring SCIM settings",
        title: "The reader hr may read, and only read",
        state: "right",
        detail: "its token reads, and the service refuses a change with it",
      },
    ]);
  });

  it.each([
    ["has no token", {}, "the stack has no token for it"],
    [
      "cannot read",
      { hr: { read: { status: 401, body: { detail: "not valid" } }, write: refused } },
      "its token cannot read: 401: not valid",
    ],
    [
      "could write",
      { hr: { read: ok, write: { status: 404, body: { detail: "no such user" } } } },
      "its token is not refused for a change: 404: no such user",
    ],
  ])("is wrong if it %s", async (_name, readers, detail) => {
    expect(await checksOf(readers)).toMatchObject([{ state: "wrong", detail, remedy: deploy }]);
  });

  it("has no line without readers", async () => {
    expect((await verify(rightWorld())).filter(({ id }) => id.startsWith("reader:"))).toEqual([]);
  });
});

describe("the checklist for people", () => {
  it("has the article's headings, a mark for each state, a remedy below it, and colour only if wanted", () => {
    const checks: Check[] = [
      { id: "a", section: "One", title: "A", state: "right", detail: "a" },
      { id: "b", section: "One", title: "B", state: "wrong", detail: "b", remedy: "fix b" },
      { id: "c", section: "Two", title: "C", state: "unknown", detail: "c" },
      { id: "d", section: "Two", title: "D", state: "warning", detail: "d", remedy: "look at d" },
    ];
    expect(renderChecks(checks, false)).toEqual([
      "",
      "One",
      "  ✓ A: a",
      "  ✗ B: b",
      "      → fix b",
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

describe("verify --json", () => {
  it("has counts, and of each check id, title, state, detail and the remedy if there is one", async () => {
    const world = rightWorld();
    world.records.push({ id: "scim-9", userName: "gone@example.com", active: true });
    app({ hiddenOnIos: false })(world);
    const { wrong, warnings, checks } = toJson(await verify(world));
    expect([wrong, warnings]).toEqual([1, 1]);
    expect(checks.find(({ id }) => id === "leavers")).toEqual({
      id: "leavers",
      title: "Nobody is active in the directory without being assigned in Okta",
      state: "wrong",
      detail: "active, but not assigned: 1 person (gone@example.com)",
      remedy: expect.stringContaining("Dashboard > Tasks") as string,
    });
    expect(checks.find(({ id }) => id === "push:Developers")).toEqual({
      id: "push:Developers",
      title: "Developers is pushed",
      state: "right",
      detail: 'the directory has "Developers"',
    });
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });
});

describe("verify of people whose provisioning failed", () => {
  it("has Okta's words from the System Log where the app's users have none", async () => {
    const world = rightWorld();
    world.assigned = [{ ...assignment("00uAda", "ada@example.com", "scim-1"), syncState: "ERROR" }];
    world.records.push({ id: "scim-8", userName: "Gone@example.com", active: true });
    const job = "application.provision.user.deactivate";
    world.failures = [
      { userId: "00uOther", login: "other@example.com", job, reason: "not asked for" },
      { userId: "00uAda", login: "ada@example.com", job: "application.provision.user.push", reason: "the newest" },
      { userId: "00uAda", login: "ada@example.com", job: "application.provision.user.push", reason: "an older one" },
      { userId: "00uGone", login: "gone@example.com", job, reason: "deactivation failed" },
    ];
    const details = (await verify(world)).filter(({ state }) => state === "wrong").map(({ detail }) => detail);
    expect(details).toEqual([
      "failed in Okta: 1 person (ada@example.com): the newest",
      "active, but not assigned: 1 person (Gone@example.com). Failed jobs: deactivation failed",
    ]);
  });

  it("says so where neither has any", async () => {
    const world = rightWorld();
    world.assigned = [{ ...assignment("00uAda", "ada@example.com", "scim-1"), syncState: "ERROR" }];
    const failed = (await verify(world)).find(({ id }) => id === "sync-errors");
    expect(failed?.detail).toBe("failed in Okta: 1 person (ada@example.com): Okta's API gives no reason");
  });
});

describe("verify of a large tenant", () => {
  it("finds a group that has more members than an answer holds, and does not call it wrong", async () => {
    const world = rightWorld();
    world.vast = ["Developers"];
    const checks = await verify(world);
    expect(checks.filter(({ state }) => state === "wrong" || state === "warning")).toEqual([]);
    expect(checks.find(({ id }) => id === "push:Developers")?.state).toBe("right");
    expect(checks.find(({ id }) => id === "members:Developers")).toMatchObject({
      state: "unknown",
      detail: "the group has more members than one answer of the directory holds; Okta has 1",
    });
  });

  it("reads both sides page by page, names ten of the people with a problem, and shows progress", async () => {
    const world = rightWorld();
    const many = Array.from({ length: 12_000 }, (_, index) => `user${String(index).padStart(5, "0")}@example.com`);
    world.assigned.push(...many.map((userName, index) => assignment(`00u${index}`, userName, `id-${index}`)));
    world.config = {
      ...world.config,
      endpoint: { kind: "external", baseUrl: "https://scim.example.com/v1", token: "t" },
    };
    const progress: string[] = [];
    const checks = await verify(world, (text) => progress.push(text));
    const inactive = checks.find(({ id }) => id === "inactive");
    expect(inactive?.detail).toMatch(/: 12000 people \(user00000@.*, user00009@example\.com and 11990 more\)$/);
    expect(progress).toContain("Read 10000 people of the org");
  });
});
