import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { startConsole } from "../../../sandbox/console/server.ts";
import { startTenant, type Tenant } from "../../../sandbox/tenant/tenant.ts";
import { asking } from "../../support/sandbox/console/support.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(config: Readonly<Record<string, string>>) {
  const tenant = await startTenant({ stack: "dev", config: new Map(Object.entries(config)), port: 0 });
  closers.push(() => tenant.close());
  const page = await startConsole(tenant);
  closers.push(() => page.close());
  const { ask, act, post } = asking(() => page.url);
  const read = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    shape.parse(JSON.parse((await ask(path)).text));
  return { tenant, act, post, read };
}

const hire = (tenant: Tenant, login: string) => ({
  action: "hire",
  firstName: "New",
  lastName: "Person",
  login,
  groupIds: tenant.org.view.groups({ search: "Developers", start: 0, count: 1 }, "").items.map(({ id }) => id),
});
const without = { key: "pushGroups", value: `["Developers"]` };
const timeline = z.object({
  items: z.array(z.object({ what: z.string(), method: z.string(), cost: z.unknown().optional() })),
});
const refusal = z.object({ error: z.string(), problems: z.array(z.object({ field: z.string(), text: z.string() })) });
const users = z.object({ items: z.array(z.object({ userName: z.string() })) });

it("shows a directory that exists elsewhere: read at its address, exchanges without a cost, no token to rotate", async () => {
  const elsewhere = await start({ connection: "pending" });
  const { scimBaseUrl, scimToken } = elsewhere.tenant.outputs;
  const endpoint = JSON.stringify({ kind: "external", baseUrl: scimBaseUrl, token: scimToken });
  const { tenant, act, read } = await start({ endpoint });

  expect(await read("/api/tenant", z.object({ isManaged: z.boolean() }))).toEqual({ isManaged: false });
  await act(hire(tenant, "external@example.com"));
  await tenant.org.idle();
  for (const { read: readOne } of [elsewhere, { read }]) {
    const found = await readOne("/api/directory/users?search=external", users);
    expect(found.items.map(({ userName }) => userName)).toEqual(["external@example.com"]);
  }
  const { items } = await read("/api/timeline?kind=users&search=create%20person%20external", timeline);
  expect(items).toMatchObject([{ method: "POST" }]);
  expect(items[0]?.cost).toBeUndefined();
  const { checks } = await read("/api/article", z.object({ checks: z.array(z.object({ state: z.string() })) }));
  expect(checks.filter(({ state }) => state === "wrong")).toEqual([]);
  const refused = await act({ action: "rotateToken" });
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("endpoint.token")]);
  await namesPushesBeforeReady(elsewhere);
});

/** Pushes by hand are drift before the connection is ready too: the deployment that makes it ready would fail. */
async function namesPushesBeforeReady({ tenant, act, read }: Awaited<ReturnType<typeof start>>): Promise<void> {
  await act({ action: "doConsoleStep" });
  for (const name of ["Developers", "Finance"]) await act({ action: "linkGroup", name });
  const drift = z.object({
    items: z.array(z.object({ subject: z.string(), way: z.looseObject({ kind: z.string() }) })),
  });
  const told = async (): Promise<string[]> =>
    (await read("/api/drift", drift)).items.map(({ subject, way }) => `${subject} (${way.kind})`).sort();
  expect(await told()).toEqual(["The push of Developers (unlinkGroup)", "The push of Finance (declarePush)"]);
  for (const name of ["Developers", "Finance"]) {
    const [group] = tenant.org.view.groups(
      { search: name, start: 0, count: 1 },
      String(tenant.outputs["oktaAppId"]),
    ).items;
    await act({ action: "unlinkGroup", mapping: group?.push?.id, deleteTargetGroup: false });
  }
  expect(await told()).toEqual([]);
}

it("shows the catalogue's app: groups change by their members, and a token is rotated with its Bearer", async () => {
  const { tenant, act, read } = await start({ app: JSON.stringify({ template: "scim2headerauth" }) });
  await act(hire(tenant, "catalogue@example.com"));
  await tenant.org.idle();
  const { items } = await read("/api/timeline?kind=groups&search=add%201%20member", timeline);
  expect(items[0]).toMatchObject({ method: "PATCH", what: "add 1 member to group Developers" });
  for (const action of ["rotateToken", "changeToken", "dropPreviousToken"]) {
    const { status, text } = await act({ action });
    expect([action, status, text]).toEqual([action, 200, expect.any(String)]);
  }
  const again = await act({ action: "dropPreviousToken" });
  expect(again.status).toBe(409);
  expect(again.text).toContain("The service accepts only the newest token already. Nothing was changed.");
  await act(hire(tenant, "rotated@example.com"));
  await tenant.org.idle();
  const found = await read("/api/directory/users?search=rotated", users);
  expect(found.items.map(({ userName }) => userName)).toEqual(["rotated@example.com"]);
});

it("knows the token that Okta has, and asks before a deployment that ends it", async () => {
  const { tenant, act, post, read } = await start({});
  const rotation = async (): Promise<unknown> =>
    (await read("/api/tenant", z.object({ rotation: z.looseObject({ okta: z.unknown(), next: z.string() }) })))
      .rotation;
  const question = async (asked: object): Promise<string> => (await post("/api/question", asked)).text;
  const jump = { action: "configure", key: "tokenGeneration", value: "3" };
  await act({ action: "rotateToken" });
  expect(await rotation()).toMatchObject({ okta: { state: "earlier", generation: 1 }, next: "changeToken" });
  for (const asked of [jump, { action: "dropPreviousToken" }])
    expect(await question(asked)).toMatch(/End the token that Okta uses.*Okta has the token of generation 1/);
  for (const asked of [{ action: "deployAgain" }, { ...jump, value: "2" }, { action: "useFile", key: "throttle" }])
    expect(await question(asked)).toBe("{}");
  expect((await act(jump)).status).toBe(200);
  expect(await rotation()).toMatchObject({ okta: { state: "refused", generation: 1 }, next: "changeToken" });
  await act(hire(tenant, "lockedout@example.com"));
  await tenant.org.idle();
  expect(tenant.org.admin.tasks().length).toBeGreaterThan(0);
  expect((await act({ action: "rotateToken" })).status).toBe(409);
  expect((await act({ action: "changeToken" })).status).toBe(200);
  expect(await rotation()).toMatchObject({ okta: { state: "newest", generation: 3 }, next: "dropPreviousToken" });
});

it("asks about an edit with the people and groups of this moment, the same question for the same change", async () => {
  const { tenant, post } = await start({});
  const asked = async (body: object): Promise<string> => {
    const { text } = await post("/api/question", body);
    return (
      z.object({ question: z.object({ text: z.string() }).optional() }).parse(JSON.parse(text)).question?.text ?? ""
    );
  };
  const { assigned } = tenant.org.view.app(String(tenant.outputs["oktaAppId"])) ?? {};
  expect(await asked({ action: "configure", key: "connection", value: "pending" })).toContain(
    `Okta deactivates ${assigned} people in the directory. In the directory Designers and Developers are deleted.`,
  );
  const text = await asked({ action: "configure", ...without });
  expect(text).toContain("ends the push of Designers.");
  expect(await asked({ action: "removeEntry", key: "pushGroups", entry: `"Designers"` })).toBe(text);
  for (const harmless of [
    { action: "deployAgain" },
    { action: "repairDrift" },
    { action: "rotateToken" },
    { action: "configure", key: "throttle", value: `{"ratePerSecond": 7}` },
    { action: "configure", key: "pushGroups", value: "not a list" },
  ])
    expect([harmless, await asked(harmless)]).toEqual([harmless, ""]);
  const gone = await post("/api/question", { action: "removeEntry", key: "pushGroups", entry: `"Nobody"` });
  expect([gone.status, gone.text]).toEqual([409, expect.stringContaining("no longer has")]);
});

it("refuses an edit with both values if the value changed since the dialog was opened", async () => {
  const { tenant, act, post } = await start({});
  const stale = { ...without, was: `["Developers"]` };
  const refusal = `pushGroups was changed since this dialog was opened: it was ["Developers"] and is ["Developers","Designers"] now.`;
  for (const answer of [
    await post("/api/configuration/check", stale),
    await act({ action: "configure", ...stale }),
    await post("/api/configuration/check", { ...stale, value: "not a list" }),
  ]) {
    const { error } = z.object({ error: z.string() }).parse(JSON.parse(answer.text));
    expect([answer.status, error]).toEqual([409, expect.stringContaining(refusal)]);
  }
  const unset = await post("/api/configuration/check", { ...without, was: "" });
  expect(unset.text).toContain("it was not set and is");
  const current = { ...without, was: `["Developers","Designers"]` };
  expect((await post("/api/configuration/check", current)).status).toBe(200);
  expect(tenant.config.values["okta-scim-directory:pushGroups"]).toBe(current.was);
});

/** Each action once, and the sentence that answers the same action once more. */
const repeats = (
  { user, from, to, rule, mapping }: Readonly<Record<"user" | "from" | "to" | "rule" | "mapping", string>>,
  expression: string,
) =>
  [
    [{ action: "rotateToken" }, undefined],
    [{ action: "changeToken" }, "Okta has the newest token already"],
    [
      { action: "changeProfile", user, values: { title: "Fellow", department: "" } },
      "The profile has these values already",
    ],
    [{ action: "moveBetweenGroups", user, from, to }, "The person is no longer in the group to move from"],
    [{ action: "addToGroup", user, group: from }, "The person is in the group already"],
    [{ action: "removeFromGroup", user, group: from }, "The person is no longer in the group"],
    [{ action: "renameGroup", group: to, name: "Treasury" }, "The group is called Treasury already"],
    [{ action: "setRuleStatus", rule, status: "INACTIVE" }, "The rule is deactivated already"],
    [{ action: "changeRule", rule, name: "Other", expression }, "The rule has these values already"],
    [{ action: "setRuleStatus", rule, status: "ACTIVE" }, "The rule is active already"],
    [{ action: "setPushStatus", mapping, status: "INACTIVE" }, "The push of the group is deactivated already"],
    [{ action: "setPushStatus", mapping, status: "ACTIVE" }, "The push of the group is active already"],
    [{ action: "assignGroup", group: to }, "The group is assigned to the app already"],
    [{ action: "unassignGroup", group: to }, "The group is no longer assigned to the app"],
    [{ action: "breakNetwork", seconds: 3600 }, undefined],
    [{ action: "restoreNetwork" }, "Okta reaches the SCIM service already"],
    [{ action: "wipeConnection" }, "The SCIM connection is wiped already"],
  ] as const;

/** Requests of which the server refuses single fields, before a deployment starts. */
async function refusesFields({ act, post }: Pick<ReturnType<typeof asking>, "act" | "post">, group: string) {
  const problemsOf = async (answer: ReturnType<typeof act>) => {
    const { status, text } = await answer;
    return [status, ...refusal.parse(JSON.parse(text)).problems.map((problem) => `${problem.field}: ${problem.text}`)];
  };
  const receiver = { action: "addReceiver", name: "Bad Name", push: "http://example.com/x" };
  for (const path of ["/api/question", "/api/action"])
    expect(await problemsOf(post(path, receiver))).toEqual([
      400,
      expect.stringMatching(/^name: The value has the wrong form\. Allowed: 2 to 24 of a-z/),
      expect.stringMatching(/^push: The value .*\. Allowed: .*https/),
    ]);
  const pushes = (name: string) => problemsOf(act({ action: "linkGroup", name }));
  expect(await pushes("Sale")).toEqual([404, expect.stringContaining('name: No group of Okta is called "Sale".')]);
  expect(await pushes("Designers")).toEqual([409, "name: Designers is pushed already."]);
  expect(await pushes("iru_endpoint_users")).toEqual([409, expect.stringContaining("name: iru_endpoint_users is the")]);
  expect(await problemsOf(act({ action: "addRule", name: "Wrong", expression: "user.", group }))).toEqual([
    400,
    expect.stringMatching(/^expression: Invalid expression: /),
  ]);
  expect(await problemsOf(act({ action: "addRule", name: "Wrong", expression: "true", group: "nobody" }))).toEqual([
    400,
    "group: Invalid group id: nobody",
  ]);
}

it("refuses a field at its name, and an action that would change nothing with the present state", async () => {
  const { tenant, act, post, read } = await start({});
  const listed = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
  const idOf = async (list: string, search: string): Promise<string> =>
    (await read(`/api/org/${list}?search=${search}`, listed)).items[0]?.id ?? "";
  const ids = {
    user: await idOf("people", "amara"),
    from: await idOf("groups", "Developers"),
    to: await idOf("groups", "Finance"),
    rule: await idOf("rules", "Designers"),
  };
  await refusesFields({ act, post }, ids.to);
  const pushed = z.object({ push: z.object({ id: z.string() }) });
  const { push } = await read(`/api/org/group?id=${ids.from}`, pushed);
  for (const [action, state] of repeats({ ...ids, mapping: push.id }, 'user.title == "Designer"')) {
    expect([action, (await act(action)).status]).toEqual([action, 200]);
    await tenant.org.idle();
    if (state === undefined) continue;
    const before = [tenant.org.systemLog.length, tenant.org.exchanges.length];
    const again = await act(action);
    await tenant.org.idle();
    const { error } = refusal.parse(JSON.parse(again.text));
    expect([action, again.status, error]).toEqual([action, 409, `${state}. Nothing was changed.`]);
    expect([tenant.org.systemLog.length, tenant.org.exchanges.length]).toEqual(before);
  }
  for (const action of [{ action: "forceSync" }, { action: "provisionUser", user: ids.user }]) {
    const { status, text } = await act(action);
    expect([status, text]).toEqual([409, expect.stringContaining("Provisioning is off, so Okta sends nothing. ")]);
  }
  const itself = await act({ action: "moveBetweenGroups", user: ids.user, from: ids.to, to: ids.to });
  expect([itself.status, itself.text]).toEqual([409, expect.stringContaining("in the group already")]);
  expect((await act({ action: "deleteUser", user: ids.user })).text).toContain("Okta has deactivated them");
  expect((await act({ action: "deleteUser", user: ids.user })).text).toContain("The person was deleted");
});
