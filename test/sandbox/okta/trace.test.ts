import { expect, test, describe } from "vitest";
import { createTrace } from "../../../sandbox/okta/org/trace.ts";
import { startScene } from "../../support/sandbox/okta/scene.ts";
import { scimError } from "../../support/sandbox/okta/scimServer.ts";
import { TOKEN, person } from "../../support/sandbox/okta/support.ts";

const ada = "ada@example.com";

describe("the trace", () => {
  test("shows each request, answer and time as they happen, and keeps no secret", async () => {
    const it = await startScene();
    const seen: string[] = [];
    const stop = it.org.onExchange(({ method, status }) => void seen.push(`${method} ${status}`));
    it.scim.script = ({ method }) => (method === "POST" ? { ...scimError(409, "Taken."), delay: 30 } : undefined);
    it.org.admin.hire(person("Ada"), [it.assignment]);
    await it.sent();
    stop();
    it.org.admin.hire(person("Bo"), [it.assignment]);
    await it.sent();
    expect(seen).toEqual(["GET 200", "POST 409"]);
    const exchange = it.org.exchanges.find(({ method }) => method === "POST");
    expect(exchange).toMatchObject({
      id: 3,
      appId: it.appId,
      url: `${it.scim.baseUrl}/Users`,
      requestHeaders: { Authorization: "[secret]", "User-Agent": "Okta SCIM Client 1.0.0" },
      requestBody: { userName: ada, password: "[secret]" },
      responseHeaders: { "content-type": "application/scim+json" },
      responseBody: { detail: "Taken." },
    });
    expect(exchange?.ms).toBeGreaterThanOrEqual(29);
    expect(JSON.stringify(it.org.exchanges)).not.toContain(TOKEN);
  });

  test("has the System Log with the names of Okta's events", async () => {
    const it = await startScene();
    const seen: string[] = [];
    const stop = it.org.onLogEvent(({ eventType, outcome }) => void seen.push(`${eventType} ${outcome.result}`));
    const team = await it.group("Team");
    it.org.admin.hire(person("Ada"), [it.assignment, team]);
    await it.push(team, "Team");
    await it.sent();
    it.scim.script = ({ target }) => (target.startsWith("/Groups") ? scimError(400, "No.") : undefined);
    await it.push(await it.group("Other"), "Other");
    await it.sent();
    it.scim.script = undefined;
    it.org.admin.removeFromGroup(ada, team);
    await it.sent();
    it.org.admin.setLifecycle(ada, "deactivate");
    await it.sent();
    stop();
    expect(seen.filter((line) => /provision|lifecycle\.deactivate/.test(line))).toEqual([
      "application.provision.user.push SUCCESS",
      "application.provision.group.add SUCCESS",
      "application.provision.group.add FAILURE",
      "application.provision.group_push.updated SUCCESS",
      "user.lifecycle.deactivate SUCCESS",
      "application.provision.user.deactivate SUCCESS",
    ]);
  });

  test("keeps the last items within its limits, and the newest whatever it weighs", () => {
    const { items, add } = createTrace<number>({ most: 3, weightOf: (item) => item, mostWeight: 10 });
    const after = (item: number): readonly number[] => {
      add(item);
      return [...items];
    };
    expect([1, 2, 3, 4].map(after).at(-1)).toEqual([2, 3, 4]);
    expect(after(6)).toEqual([4, 6]);
    expect(after(50)).toEqual([50]);
    expect(after(1)).toEqual([1]);
  });
});
