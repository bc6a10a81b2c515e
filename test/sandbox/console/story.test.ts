import { describe, expect, it } from "vitest";
import { createSummarizer } from "../../../sandbox/console/exchangeView.ts";
import { storyOf, type Subject } from "../../../sandbox/console/story.ts";
import type { Happening, TimelineEntry } from "../../../sandbox/console/happening.ts";
import type { Exchange } from "../../../sandbox/okta/index.ts";

const base = "http://127.0.0.1:8480/api/v1/scim";
const ada: Subject = { type: "person", id: "00uAda" };
const makers: Subject = { type: "group", id: "00gMakers" };

type Told = readonly [method: string, path: string, status: number, request?: unknown, response?: unknown];

const event = (id: string, ...targets: Happening["targets"]): Happening => ({
  ...{ kind: "event", id, at: "", text: id, who: "", failed: false, targets },
});
const effect = (kind: NonNullable<Happening["effect"]>, ...targets: Happening["targets"]): Happening => ({
  ...event(`${kind} ${targets.at(-1)?.name ?? ""}`, ...targets),
  effect: kind,
});
const person = (id: string, name: string): Happening["targets"][number] => ({ type: "person", id, name });
const group = (id: string, name: string): Happening["targets"][number] => ({ type: "group", id, name });

/** The story of a subject in a history, as the events' ids and the exchanges' descriptions. */
function story(subject: Subject, history: readonly (Happening | Told)[]): readonly string[] {
  const summarize = createSummarizer();
  const exchanges: Exchange[] = [];
  const entries = history.map((told): TimelineEntry => {
    if ("kind" in told) return told;
    const [method, path, status, requestBody, responseBody] = told;
    const exchange: Exchange = {
      ...{ id: exchanges.length + 1, at: "", appId: "0oa", method, url: `${base}${path}`, status, ms: 1 },
      ...{ requestHeaders: {}, responseHeaders: {}, requestBody, responseBody },
    };
    exchanges.push(exchange);
    return { kind: "exchange", ...summarize(exchange, undefined) };
  });
  return storyOf(subject, entries, exchanges).map((entry) => (entry.kind === "event" ? entry.id : entry.what));
}

const created = event("created", person("00uAda", "ada@example.com"));
const look: Told = [
  "GET",
  `/Users?filter=${encodeURIComponent('userName eq "ADA@example.com"')}`,
  200,
  undefined,
  { Resources: [] },
];
const record = { userName: "ada@example.com", externalId: "00uAda" };
const create: Told = ["POST", "/Users", 201, record, { ...record, id: "s1" }];
const other: Told = [
  "POST",
  "/Users",
  201,
  { userName: "bob@example.com", externalId: "00uBob" },
  { id: "s2", userName: "bob@example.com", externalId: "00uBob" },
];
const members = (...ids: string[]): unknown => ({ displayName: "Makers", members: ids.map((value) => ({ value })) });

describe("a person's story", () => {
  it("has the person's events, the search, and the requests about the record, in order", () => {
    const history = [
      event("bob", person("00uBob", "bob@example.com")),
      created,
      look,
      other,
      create,
      ["GET", "/Users/s2", 200, undefined, { id: "s2" }],
      ["PUT", "/Users/s1", 200, record, { ...record, id: "s1" }],
    ] as const;
    expect(story(ada, history)).toEqual([
      "created",
      "look for person ADA@example.com",
      "create person ada@example.com",
      "replace person ada@example.com",
    ]);
  });

  it("has the deletion of a group that the person was in then, and says that the membership ended", () => {
    const [adaNow, bob] = [person("00uAda", "ada@example.com"), person("00uBob", "bob@example.com")];
    const [a, b, c] = [group("00gA", "A"), group("00gB", "B"), group("00gC", "C")];
    const history = [
      effect("joined", adaNow, a),
      effect("joined", adaNow, b),
      effect("joined", bob, c),
      effect("left", adaNow, b),
      effect("deleted", b),
      effect("deleted", c),
      effect("deleted", a),
    ];
    expect(story(ada, history)).toEqual(["joined A", "joined B", "left B", "deleted A"]);
    const end = storyOf(ada, history, []).at(-1);
    expect(end).toMatchObject({ targets: [a], reason: "The person left the group with its deletion." });
    expect(story({ type: "group", id: "00gA" }, history)).toEqual(["joined A", "deleted A"]);
    expect(storyOf({ type: "group", id: "00gA" }, history, []).at(-1)).not.toHaveProperty("reason");
  });

  it("has a creation that failed before the record had an id", () => {
    const failed: Told = ["POST", "/Users", 503, record, { detail: "no" }];
    expect(story(ada, [created, failed])).toEqual(["created", "create person ada@example.com"]);
    expect(story({ type: "person", id: "00uBob" }, [created, failed])).toEqual([]);
  });

  it("has the writes that changed a membership, and no other write of the group", () => {
    const history: readonly (Happening | Told)[] = [
      create,
      ["PUT", "/Groups/g1", 200, members("s2")],
      ["PUT", "/Groups/g1", 200, members("s2", "s1")],
      ["PUT", "/Groups/g1", 200, members("s1")],
      ["PUT", "/Groups/g1", 503, members()],
      ["PATCH", "/Groups/g1", 200, { Operations: [{ op: "replace", value: { displayName: "New" } }] }],
      ["PATCH", "/Groups/g1", 200, { Operations: [{ op: "remove", path: 'members[value eq "s1"]' }] }],
      ["PATCH", "/Groups/g1", 200, { Operations: [{ op: "add", path: "members", value: [{ value: "s1" }] }] }],
      ["PATCH", "/Groups/g1", 200, { Operations: [{ op: "add", path: "members", value: [{ value: "s3" }] }] }],
      ["DELETE", "/Groups/g1", 204],
    ];
    expect(story(ada, history)).toEqual([
      "create person ada@example.com",
      "set 2 members of group Makers",
      "remove 1 member from group New",
      "add 1 member to group New",
      "delete group New",
    ]);
  });
});

describe("a group's story", () => {
  it("follows the group through a rename and knows it by the names it had", () => {
    const history: readonly (Happening | Told)[] = [
      event("made", group("00gMakers", "Makers")),
      ["GET", `/Groups?filter=${encodeURIComponent('displayName eq "Makers"')}`, 200, undefined, { Resources: [] }],
      ["POST", "/Groups", 201, members(), { id: "g1", displayName: "Makers" }],
      ["POST", "/Groups", 201, { displayName: "Others" }, { id: "g2", displayName: "Others" }],
      event("renamed", group("00gMakers", "Builders")),
      ["PUT", "/Groups/g1", 200, { displayName: "Builders" }, { id: "g1", displayName: "Builders" }],
      ["PUT", "/Groups/g2", 200, members("s1")],
      ["DELETE", "/Groups/g1", 204],
    ];
    expect(story(makers, history)).toEqual([
      "made",
      "look for group Makers",
      "create group Makers",
      "renamed",
      "set 0 members of group Builders",
      "delete group Builders",
    ]);
    expect(story({ type: "group", id: "00gNone" }, history)).toEqual([]);
  });
});
