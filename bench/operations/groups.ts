import type { Counts, Request, Sample } from "../measure/measure.ts";
import { besidePeer, countsFor, HEAVY, type Bounds, type Operation, type Populated } from "./operation.ts";
import { adding, find, groupMaker, groupOf, patchOf, removing, unique } from "./requests.ts";

/** The measured group. It has the first `size` people; those after them are in no group. */
export interface Subject {
  readonly populated: Populated;
  readonly size: number;
  readonly displayName: string;
  readonly path: string;
  readonly members: readonly string[];
  /** Those of `COUNTS` that fit the group. */
  readonly counts: readonly number[];
}

/** The numbers of members that one change names, besides 1. */
export const COUNTS: readonly number[] = [10, 100];

/** Creates a group of `size` members. A change will name at most `most` of them. */
export async function createSubject(populated: Populated, size: number, most: number): Promise<Subject> {
  const { contender, people } = populated;
  const displayName = unique("Under test");
  const path = `/Groups/${await groupMaker(populated)([])}`;
  const members = people.slice(0, size);
  await contender.send({ method: "PUT", path, body: groupOf(displayName, members) });
  const counts = COUNTS.filter((count) => count <= Math.min(size, people.length - size, most));
  return { populated, size, displayName, path, members, counts };
}

/** Operations on a group. */
export function groupOperations(subject: Subject): Operation[] {
  return [
    ...reads(subject),
    ...patches(subject).map((operation) => ({ ...operation, isChange: true })),
    ...wholeLists(subject).map((operation) => ({ ...operation, isProportional: true })),
  ];
}

// The same number of samples at every size, because their times are compared and a process gets faster over time. A
// peer that rewrites the whole list takes seconds for each change of a large group.
const operationOf =
  ({ size }: Subject) =>
  (name: string, bounds: Bounds, sample: Operation["sample"], counts: Counts = HEAVY): Operation => ({
    ...{ name, size, ...counts, sample },
    bounds: { ...besidePeer(size), ...bounds },
  });

/** People outside the group, different ones for each sample. */
function spare({ populated: { people }, size }: Subject, index: number, count: number): string[] {
  return Array.from(
    { length: count },
    (_, nth) => people[size + ((index * count + nth) % (people.length - size))] ?? "",
  );
}

function reads(subject: Subject): Operation[] {
  const { size, path, displayName } = subject;
  const one = operationOf(subject);
  const get = (): Sample => ({ request: { method: "GET", path } });
  return [
    { ...one("GET group", { requests: 2 + size / 4_000 }, get, countsFor(size)), isProportional: true },
    one("find group by name, without members", { requests: 3 }, () => ({
      request: find("Groups", `displayName eq "${displayName.toUpperCase()}"`, "&excludedAttributes=members"),
    })),
  ];
}

/** Changes that name only the changed members. They must cost the same at every size. */
function patches(subject: Subject): Operation[] {
  const { size, path, displayName, members, counts } = subject;
  const one = operationOf(subject);
  const patch = (body: object): Request => ({ method: "PATCH", path, body });
  const ofChange = (count: number): Bounds => ({ requests: 6 + count / 10 });
  return [
    one("PATCH adds 1 member", ofChange(1), (index) => {
      const ids = spare(subject, index, 1);
      return { request: patch(adding(ids)), undo: patch(removing(ids)) };
    }),
    one("PATCH removes 1 member", ofChange(1), (index) => {
      const ids = members.slice(index % size, (index % size) + 1);
      return { request: patch(removing(ids)), undo: patch(adding(ids)) };
    }),
    ...counts.flatMap((count) => {
      const first = members.slice(0, count);
      return [
        one(`PATCH adds ${count} members`, ofChange(count), (index) => {
          const ids = spare(subject, index, count);
          return { request: patch(adding(ids)), undo: patch(removing(ids)) };
        }),
        one(`PATCH removes ${count} members`, ofChange(count), () => {
          return { request: patch(removing(first)), undo: patch(adding(first)) };
        }),
      ];
    }),
    one("rename group", { requests: 3 }, () => {
      const rename = (to: string): Request => patch(patchOf({ op: "replace", value: { displayName: to } }));
      return { request: rename(`${displayName} renamed`), undo: rename(displayName) };
    }),
  ];
}

/** Operations on the whole list. Their cost is in proportion to it. */
function wholeLists(subject: Subject): Operation[] {
  const { populated, size, path, displayName, members, counts } = subject;
  const one = operationOf(subject);
  const newGroup = groupMaker(populated);
  const whole: Request = { method: "PUT", path, body: groupOf(displayName, members) };
  /** The whole list, with the last `count` members replaced by others. */
  const exchanged = (index: number, count: number): Sample => {
    const body = groupOf(displayName, [...members.slice(0, size - count), ...spare(subject, index, count)]);
    return { request: { method: "PUT", path, body }, undo: whole };
  };
  // A large change that leaves no former member is committed by a transaction, which does not return the group.
  const ofPut = (count: number): Bounds => ({
    reads: (count === size && count > 10 ? 5 : 4) + size / 1_000 + count / 100,
  });
  const deleted = members.slice(0, 1_000);
  return [
    ...[1, ...counts].map((count) =>
      one(
        `PUT group with ${count} member${count === 1 ? "" : "s"} changed`,
        ofPut(count),
        (index) => exchanged(index, count),
        countsFor(size),
      ),
    ),
    {
      ...one("first PUT of all members", {}, async () => {
        const filled = `/Groups/${await newGroup([])}`;
        return {
          request: { method: "PUT", path: filled, body: groupOf(unique("Filled"), members) },
          undo: { method: "DELETE", path: filled },
        };
      }),
      ...(size > 10_000 && { samples: 2, warmUp: 0 }),
    },
    {
      ...one("DELETE group", besidePeer(deleted.length), async () => ({
        request: { method: "DELETE", path: `/Groups/${await newGroup(deleted)}` },
      })),
      size: deleted.length,
    },
  ];
}
