import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { groupImage, MEMBER_ID, record, USER_ID } from "../../support/lambda/events/records.ts";
import { events, marked, PREFIX, red, tell } from "../../support/lambda/events/tell.ts";

describe("the events of a group", () => {
  it("name the members that a small change added and removed", () => {
    const before = groupImage(1, red, { members: [MEMBER_ID] });
    const changed = record(before, groupImage(2, red, { members: [USER_ID], mark: marked([USER_ID], [MEMBER_ID]) }));
    expect(events("notice", changed)).toEqual([
      { [`${PREFIX}patch:notice`]: { attributes: ["members"], version: 'W/"2"' } },
    ]);
    expect(events("full", changed)).toMatchObject([
      {
        [`${PREFIX}patch:full`]: {
          data: {
            Operations: [
              { op: "add", path: "members", value: [{ value: USER_ID }] },
              { op: "remove", path: `members[value eq "${MEMBER_ID}"]` },
            ],
          },
        },
      },
    ]);
  });

  it("hold the members of a new group that has few of them", () => {
    const members = [USER_ID, MEMBER_ID];
    const mark = { how: "create", members: { add: members, remove: [] } } as const;
    const [told] = events("full", record(undefined, groupImage(1, red, { members, mark })));
    expect(told).toMatchObject({
      [`${PREFIX}create:full`]: { data: { displayName: "Red", members: members.map((value) => ({ value })) } },
    });
  });

  const many = { how: "patch", members: "many" } as const;
  it.each([
    ["a large change", many],
    // A function that had no events yet did not mark it.
    ["a change that is not marked", { how: "patch" }],
    ["a change whose mark is of an earlier one", marked([MEMBER_ID])],
  ] as const)("are a notice of the members after %s", (_, mark) => {
    const changed = record(groupImage(1, red), groupImage(2, red, { members: [USER_ID], mark }));
    expect(events("full", changed)).toEqual([
      { [`${PREFIX}patch:notice`]: { attributes: ["members"], version: 'W/"2"' } },
    ]);
  });

  it("name no members if the mark of an earlier change of them is left", () => {
    const mark = marked([MEMBER_ID]);
    const before = groupImage(1, red, { members: [MEMBER_ID], mark });
    const changed = record(before, groupImage(2, { ...red, displayName: "Blue" }, { members: [MEMBER_ID], mark }));
    expect(events("notice", changed)).toEqual([
      { [`${PREFIX}patch:notice`]: { attributes: ["displayName"], version: 'W/"2"' } },
    ]);
  });

  it("are a notice after a PUT, which is about all of its members", () => {
    const mark = { ...marked([USER_ID]), how: "put" } as const;
    const changed = record(groupImage(1, red), groupImage(2, red, { members: [USER_ID], mark }));
    expect(Object.keys(events("full", changed)[0] ?? {})).toEqual([`${PREFIX}put:notice`]);
  });

  it("begin with prov:create as soon as a hidden group is shown, and a hidden group that is deleted is not told", () => {
    const unborn = { unborn: { BOOL: true } };
    const hidden = groupImage(0, red, { more: unborn });
    const born = groupImage(1, red, { members: [USER_ID], mark: { how: "create", members: "many" } });
    expect(events("full", record(undefined, hidden), record(hidden, born))).toEqual([
      { [`${PREFIX}create:notice`]: { attributes: ["displayName", "externalId", "members"], version: 'W/"1"' } },
    ]);
    const gone = { ...hidden, v: { N: "1" }, gone: { BOOL: true } };
    expect(events("full", record(hidden, gone), record(gone, undefined))).toEqual([]);
  });

  it("are prov:delete once: not for its time to live, nor for the removal of the tombstone", () => {
    const group = groupImage(1, red, { members: [USER_ID] });
    const { doc, nk, ...rest } = group;
    expect([doc, nk]).not.toContain(undefined);
    const gone = { ...rest, v: { N: "2" }, gone: { BOOL: true } };
    const expiring = { ...gone, ttl: { N: "1" } };
    expect(tell("full", record(group, gone), record(gone, expiring), record(expiring, undefined))).toMatchObject([
      { sub_id: { externalId: "00g1" }, events: { [`${PREFIX}delete`]: {} } },
    ]);
  });

  it.each([
    ["the intent of a large change", { intent: { M: { owner: { S: "o" } } } }],
    ["its pace", { pace: { N: "7" } }],
    ["a repaired digest", { d: { N: "123" } }],
  ])("are not told of %s", (_, more) => {
    expect(tell("full", record(groupImage(1, red), groupImage(1, red, { more })))).toEqual([]);
  });

  it("are not told of other items of the table", () => {
    const edge = { ...groupImage(1, red), sk: { S: `M#${USER_ID}` } };
    const name = { ...groupImage(1, red), pk: { S: "N#hash" } };
    expect(tell("full", record(undefined, edge), record(undefined, name))).toEqual([]);
  });
});

describe("several changes of a group's members in one batch", () => {
  const ids = Array.from({ length: 60 }, (_, at) => `${String(at).padStart(8, "0")}-7f76-453a-919d-413861904646`);
  /** A group that gets one more member with each version. */
  const pushed = (from: number, to: number): DynamoDBRecord[] =>
    Array.from({ length: to - from }, (_, at) => {
      const count = from + at;
      const image = (members: number) =>
        groupImage(members + 1, red, { members: ids.slice(0, members), mark: marked(ids.slice(members - 1, members)) });
      return record(count === 0 ? groupImage(1, red) : image(count), image(count + 1));
    });

  it("are one SET with the last version and all members", () => {
    const told = tell("full", ...pushed(0, 60));
    expect(told).toHaveLength(1);
    const [value] = [ids.map((id) => ({ value: id }))];
    expect(told[0]?.events).toMatchObject({
      [`${PREFIX}patch:full`]: { version: 'W/"61"', data: { Operations: [{ op: "add", path: "members", value }] } },
    });
  });

  it("add and remove each member as the last of them did", () => {
    const [one = "", other = ""] = ids;
    const start = groupImage(1, red, { members: [other] });
    const added = groupImage(2, red, { members: [other, one], mark: marked([one]) });
    const removed = groupImage(3, red, { mark: marked([], [one, other]) });
    expect(events("full", record(start, added), record(added, removed))).toMatchObject([
      {
        [`${PREFIX}patch:full`]: {
          data: { Operations: [{ path: `members[value eq "${one}"]` }, { path: `members[value eq "${other}"]` }] },
        },
      },
    ]);
  });

  it("are a notice if they are more than 100 operations", () => {
    const names = Array.from({ length: 101 }, (_, at) => `${String(at).padStart(8, "0")}-7f76-453a-919d-413861904646`);
    const image = (left: number, removed: string[]) =>
      groupImage(200 - left, red, { members: names.slice(0, left), mark: marked([], removed) });
    const steps = Array.from({ length: 101 }, (_, at) => {
      const left = 101 - at;
      return record(image(left, []), image(left - 1, names.slice(left - 1, left)));
    });
    expect(Object.keys(events("full", ...steps)[0] ?? {})).toEqual([`${PREFIX}patch:notice`]);
  });

  it("are not joined over another change of the group, whose order is kept", () => {
    const renamed = groupImage(3, { displayName: "Blue" }, { members: ids.slice(0, 1) });
    const before = groupImage(2, red, { members: ids.slice(0, 1), mark: marked(ids.slice(0, 1)) });
    const after = groupImage(4, { displayName: "Blue" }, { members: ids.slice(0, 2), mark: marked(ids.slice(1, 2)) });
    const told = events("notice", ...pushed(0, 1), record(before, renamed), record(renamed, after));
    expect(told.map((one) => Object.values(one))).toMatchObject([
      [{ attributes: ["members"] }],
      [{ attributes: ["displayName", "externalId"] }],
      [{ attributes: ["members"] }],
    ]);
  });
});
