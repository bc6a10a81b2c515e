import { expect, it } from "vitest";
import { createTimeline } from "../../../sandbox/console/timeline.ts";
import type { Exchange, LogEvent } from "../../../sandbox/okta/index.ts";
import { createSystemLog, type LogTarget } from "../../../sandbox/okta/org/systemLog.ts";

const user = (id: string): LogTarget => ({ id, type: "User", displayName: `${id}@example.com` });
const makers: LogTarget = { id: "00gMakers", type: "UserGroup", displayName: "Makers" };

/** A timeline of this many people: each was created and put into a group. */
function scene(people: number) {
  const log = createSystemLog();
  log.add("group.lifecycle.create", "Create Okta group", [makers]);
  for (let many = 0; many < people; many += 1) {
    log.add("user.lifecycle.create", "Create Okta user", [user(`u${many}`)]);
    log.add("group.user_membership.add", "Add user to group membership", [user(`u${many}`), makers]);
  }
  const { events: systemLog, subscribe: onLogEvent, about: eventsAbout } = log;
  const onExchange = () => () => undefined;
  const org = { exchanges: [], systemLog, eventsAbout, onExchange, onLogEvent };
  const timeline = createTimeline({ org, costOf: () => undefined });
  return { log, story: (type: "person" | "group", id: string) => timeline.story({ type, id }, { count: 1000 }) };
}
const textsOf = ({ items }: ReturnType<ReturnType<typeof scene>["story"]>): readonly string[] =>
  items.map((item) => (item.kind === "event" ? item.text : item.what));

it("keeps the events of each person and the last ones of a group, however many happened to others", () => {
  const { log, story } = scene(3000);
  expect(textsOf(story("person", "u0"))).toEqual(["Create Okta user", "Add user to group membership"]);
  expect(story("group", "00gMakers").total).toBeGreaterThanOrEqual(100);
  log.add("group.profile.update", "Update group", [makers]);
  expect(textsOf(story("group", "00gMakers")).at(-1)).toBe("Update group");
  expect(story("person", "u0").items).toEqual(story("person", "u0").items);
  const ids = story("group", "00gMakers").items.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it("names the failed request as the cause of the one failure that follows from it, however late a busy machine tells", () => {
  const request: Exchange = {
    id: 7,
    at: "2026-01-02T03:04:05.000Z",
    appId: "0oa1",
    method: "POST",
    url: "http://127.0.0.1/Users",
    requestHeaders: {},
    status: 0,
    responseHeaders: {},
    ms: 2,
  };
  const failure = (uuid: string, second: number): LogEvent => ({
    uuid,
    published: `2026-01-02T03:04:${second}.000Z`,
    eventType: "application.provision.user.push",
    displayMessage: "Push new user to external application",
    outcome: { result: "FAILURE", reason: "no answer" },
    target: [user("u1")],
  });
  const org = {
    exchanges: [request],
    systemLog: [failure("first", 12), failure("second", 13)],
    eventsAbout: () => [],
    onExchange: () => () => undefined,
    onLogEvent: () => () => undefined,
  };
  const { items } = createTimeline({ org, costOf: () => undefined }).list({ search: "", kind: "all", count: 9 });
  const causes = items.map((item) => [item.id, item.kind === "event" ? item.cause?.id : undefined]);
  expect(causes).toEqual([
    ["second", undefined],
    ["first", 7],
    [7, undefined],
  ]);
});
