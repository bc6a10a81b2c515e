import { z } from "zod";
import type { JsonObject } from "../lambda/model.ts";
import type { Contender, Counts, Request, Sample } from "./measure.ts";

/** What a number of DynamoDB requests must not exceed. */
export interface Bounds {
  readonly requests?: number;
  readonly reads?: number;
  /** What the ratio of our processor time to the peer's must not exceed. */
  readonly peer?: number;
}

export interface Operation extends Counts {
  readonly name: string;
  readonly size: number;
  readonly bounds: Bounds;
  /** Whether its cost is in proportion to its size, by what it does. */
  readonly isProportional?: boolean;
  /** Whether it changes a group by as much at every size: then it must take as long. */
  readonly isChange?: boolean;
  readonly sample: (at: number) => Promise<Sample> | Sample;
}

/** A contender with the ids that it gave to the people, in order. */
export interface Populated {
  readonly contender: Contender;
  readonly people: readonly string[];
}

/** After two thousand requests a process takes half the time that it takes after two hundred: it is compiled then. */
const LIGHT = { samples: 200, warmUp: 2_000 };
const HEAVY = { samples: 30, warmUp: 2_000 };
/** Lists of more than ten thousand members take megabytes and seconds. */
const HUGE = { samples: 5, warmUp: 1 };

/** Ours asks a database, the peer its own memory: so much more may that take where nothing grows with the size. */
const FLAT = 2;
/** Where the work grows with the size, at 1,000. */
const GROWING = 1;
/** At 10,000 members of a group. */
const HUNDREDTH = 0.01;
const besidePeer = (members: number): Bounds => {
  return { peer: members >= 10_000 ? HUNDREDTH : members >= 1_000 ? GROWING : FLAT };
};
const countsFor = (members: number): Counts => (members > 10_000 ? HUGE : members > 100 ? HEAVY : LIGHT);

export const nameOf = (at: number): string => `person${at}@example.com`;

export const personOf = (at: number) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: nameOf(at),
  externalId: `00u${at}`,
  name: { givenName: "Person", familyName: String(at) },
  displayName: `Person ${at}`,
  emails: [{ value: nameOf(at), type: "work", primary: true }],
  active: true,
});

const groupOf = (displayName: string, ids: readonly string[]) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  displayName,
  members: ids.map(member),
});
const member = (value: string) => ({ value, display: "someone@example.com" });
export const patchOf = (...Operations: JsonObject[]): JsonObject => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});
const adding = (ids: readonly string[]) => patchOf({ op: "add", path: "members", value: ids.map(member) });
const removing = (ids: readonly string[]) =>
  patchOf(...ids.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` })));
const find = (path: string, filter: string, more = ""): Request => ({
  method: "GET",
  path: `/${path}?filter=${encodeURIComponent(filter)}&startIndex=1&count=100${more}`,
});

/** The `id` of a resource that was answered. */
export const idOf = (body: unknown): string => z.object({ id: z.string() }).parse(body).id;

/** Sets up groups, each of its own name. */
function groupMaker({ contender }: Populated): (ids: readonly string[]) => Promise<string> {
  return async (ids) =>
    idOf(await contender.send({ method: "POST", path: "/Groups", body: groupOf(unique("Group"), ids) }));
}
let serial = 0;
const unique = (prefix: string): string => `${prefix} ${(serial += 1)}`;

/** Operations on people, whose cost must not depend on how many there are. */
export function userOperations(populated: Populated): Operation[] {
  const { contender, people } = populated;
  const users = people.length;
  const newGroup = groupMaker(populated);
  const at = (index: number): number => index % users;
  const person = (index: number): string => people[at(index)] ?? "";
  const one = (name: string, bounds: Bounds, sample: Operation["sample"]): Operation => {
    return { name, size: users, ...LIGHT, bounds: { peer: FLAT, ...bounds }, sample };
  };
  /** Where the peer looks at everybody. */
  const growing = users >= 1_000 ? GROWING : FLAT;
  const read = (request: Request): Sample => ({ request });
  const put = (index: number, changes: object): Request => {
    return { method: "PUT", path: `/Users/${person(index)}`, body: { ...personOf(at(index)), ...changes } };
  };
  let tenGroups: Promise<string[]> | undefined;
  const groups = (): Promise<string[]> =>
    (tenGroups ??= Promise.all(Array.from({ length: 10 }, () => newGroup([person(0)]))));
  /** Somebody new in the ten groups. */
  const leaver = async (): Promise<string> => {
    const body = { ...personOf(0), userName: unique("leaver"), externalId: unique("leaver") };
    const id = idOf(await contender.send({ method: "POST", path: "/Users", body }));
    for (const group of await groups()) {
      await contender.send({ method: "PATCH", path: `/Groups/${group}`, body: adding([id]) });
    }
    return id;
  };
  return [
    one("GET user", { requests: 2 }, (index) => read({ method: "GET", path: `/Users/${person(index)}` })),
    one("GET user with its 10 groups", { requests: 3 + 10 / 100 }, async () => {
      await groups();
      return read({ method: "GET", path: `/Users/${person(0)}?attributes=groups` });
    }),
    one("find user by userName", { requests: 3, peer: growing }, (index) =>
      read(find("Users", `userName eq "${nameOf(at(index)).toUpperCase()}"`)),
    ),
    one("find user by externalId", { requests: 3, peer: growing }, (index) =>
      read(find("Users", `externalId eq "00u${at(index)}"`)),
    ),
    one("POST user", { requests: 2 }, () => {
      const name = unique("posted");
      const userName = `${name.replace(" ", "")}@example.com`;
      return {
        request: { method: "POST", path: "/Users", body: { ...personOf(0), userName, externalId: name } },
        undo: (answer) => ({ method: "DELETE", path: `/Users/${idOf(answer)}` }),
      };
    }),
    one("PUT user", { requests: 3 }, (index) => read(put(index, { title: unique("Title") }))),
    one("PUT user under another userName", { requests: 3 }, (index) => ({
      request: put(index, { userName: `renamed-${nameOf(at(index))}` }),
      undo: put(index, {}),
    })),
    one("PATCH user", { requests: 3 }, (index) => {
      const patch = (active: boolean): Request => {
        return {
          method: "PATCH",
          path: `/Users/${person(index)}`,
          body: patchOf({ op: "replace", value: { active } }),
        };
      };
      return { request: patch(false), undo: patch(true) };
    }),
    {
      ...one("DELETE user in 10 groups", {}, async () => read({ method: "DELETE", path: `/Users/${await leaver()}` })),
      size: 10,
      ...HEAVY,
    },
    ...[
      one("first page of 100 users", { requests: 4, peer: growing }, () =>
        read({ method: "GET", path: "/Users?startIndex=1&count=100" }),
      ),
      one("page of 100 users at the end", { requests: 4, peer: growing }, (index) =>
        read({ method: "GET", path: `/Users?startIndex=${Math.max(1, users - 100 - index)}&count=100` }),
      ),
    ].map((operation) => ({ ...operation, ...HEAVY })),
  ];
}

/**
 * Operations on a group that has the first `size` of the people; those after them are in no group. A change names at
 * `most` so many members.
 */
export async function groupOperations(populated: Populated, size: number, most: number): Promise<Operation[]> {
  const { contender, people } = populated;
  const newGroup = groupMaker(populated);
  const members = people.slice(0, size);
  const spare = (index: number, count: number): string[] =>
    Array.from({ length: count }, (_, nth) => people[size + ((index * count + nth) % (people.length - size))] ?? "");
  const displayName = unique("Under test");
  const path = `/Groups/${await newGroup([])}`;
  const whole: Request = { method: "PUT", path, body: groupOf(displayName, members) };
  await contender.send(whole);

  /** How many members a change names at once. */
  const counts = [10, 100].filter((count) => count <= Math.min(size, people.length - size, most));
  const patch = (body: object): Request => ({ method: "PATCH", path, body });
  /** The whole list, the last `count` members exchanged for others. */
  const exchanged = (index: number, count: number): Sample => {
    const body = groupOf(displayName, [...members.slice(0, size - count), ...spare(index, count)]);
    return { request: { method: "PUT", path, body }, undo: whole };
  };
  // As many samples at every size, since their times are compared: a process grows faster as it goes on. A peer that
  // rewrites the whole list takes seconds for each change of a large group.
  const one = (name: string, bounds: Bounds, sample: Operation["sample"], counts = HEAVY): Operation => {
    return { name, size, ...counts, bounds, sample };
  };
  const beside = besidePeer(size);
  const ofChange = (k: number): Bounds => ({ requests: 6 + k / 10, ...beside });
  const ofPut = (d: number): Bounds => ({ reads: 2 + size / 1_000 + d / 100, ...beside });
  const deleted = members.slice(0, 1_000);
  const changes = [
    one("PATCH adds 1 member", ofChange(1), (index) => {
      return { request: patch(adding(spare(index, 1))), undo: patch(removing(spare(index, 1))) };
    }),
    one("PATCH removes 1 member", ofChange(1), (index) => {
      const ids = members.slice(index % size, (index % size) + 1);
      return { request: patch(removing(ids)), undo: patch(adding(ids)) };
    }),
    ...counts.flatMap((count) => {
      const first = members.slice(0, count);
      return [
        one(`PATCH adds ${count} members`, ofChange(count), (index) => {
          return { request: patch(adding(spare(index, count))), undo: patch(removing(spare(index, count))) };
        }),
        one(`PATCH removes ${count} members`, ofChange(count), () => {
          return { request: patch(removing(first)), undo: patch(adding(first)) };
        }),
      ];
    }),
    one("rename group", { requests: 3, ...beside }, () => {
      const rename = (to: string): Request => patch(patchOf({ op: "replace", value: { displayName: to } }));
      return { request: rename(`${displayName} renamed`), undo: rename(displayName) };
    }),
  ];
  return [
    {
      ...one(
        "GET group",
        { requests: 2 + size / 4_000, ...beside },
        () => ({ request: { method: "GET", path } }),
        countsFor(size),
      ),
      isProportional: true,
    },
    one("find group by name, without members", { requests: 3, ...beside }, () => ({
      request: find("Groups", `displayName eq "${displayName.toUpperCase()}"`, "&excludedAttributes=members"),
    })),
    ...changes.map((operation) => ({ ...operation, isChange: true })),
    ...[1, ...counts].map((count) => ({
      ...one(
        `PUT group with ${count} member${count === 1 ? "" : "s"} changed`,
        ofPut(count),
        (index) => exchanged(index, count),
        countsFor(size),
      ),
      isProportional: true,
    })),
    {
      ...one("first PUT of all members", beside, async () => {
        const filled = `/Groups/${await newGroup([])}`;
        return {
          request: { method: "PUT", path: filled, body: groupOf(unique("Filled"), members) },
          undo: { method: "DELETE", path: filled },
        };
      }),
      isProportional: true,
      ...(size > 10_000 && { samples: 2, warmUp: 0 }),
    },
    {
      ...one("DELETE group", besidePeer(deleted.length), async () => ({
        request: { method: "DELETE", path: `/Groups/${await newGroup(deleted)}` },
      })),
      isProportional: true,
      size: deleted.length,
    },
  ];
}
