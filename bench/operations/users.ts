import type { Counts, Request, Sample } from "../measure/measure.ts";
import { FLAT, GROWING, HEAVY, LIGHT, type Bounds, type Operation, type Populated } from "./operation.ts";
import { adding, find, groupMaker, idOf, nameOf, patchOf, personOf, unique } from "./requests.ts";

/** Operations on people, whose cost must not depend on how many there are. */
export const userOperations = (populated: Populated): Operation[] => {
  const people = lookup(populated);
  return [...reads(populated, people), ...writes(people), deletion(populated, people)];
};

/** The person for the number of a sample, in rotation. */
interface People {
  readonly count: number;
  at(index: number): number;
  id(index: number): string;
}

function lookup({ people }: Populated): People {
  const at = (index: number): number => index % people.length;
  return { count: people.length, at, id: (index) => people[at(index)] ?? "" };
}

const operationOf =
  ({ count }: People, counts: Counts = LIGHT) =>
  (name: string, bounds: Bounds, sample: Operation["sample"]): Operation => ({
    ...{ name, size: count, ...counts, sample },
    bounds: { peer: FLAT, ...bounds },
  });

const get = (path: string): Sample => ({ request: { method: "GET", path } });

function reads(populated: Populated, people: People): Operation[] {
  const one = operationOf(people);
  const page = operationOf(people, HEAVY);
  /** The peer reads everybody for this. */
  const peer = people.count >= 1_000 ? GROWING : FLAT;
  const groups = tenGroups(populated);
  return [
    one("GET user", { requests: 2 }, (index) => get(`/Users/${people.id(index)}`)),
    one("GET user with its 10 groups", { requests: 4 + 20 / 100 }, async () => {
      await groups();
      return get(`/Users/${people.id(0)}?attributes=groups`);
    }),
    one("find user by userName", { requests: 3, peer }, (index) => ({
      request: find("Users", `userName eq "${nameOf(people.at(index)).toUpperCase()}"`),
    })),
    one("find user by externalId", { requests: 3, peer }, (index) => ({
      request: find("Users", `externalId eq "00u${people.at(index)}"`),
    })),
    page("first page of 100 users", { requests: 4, peer }, () => get("/Users?startIndex=1&count=100")),
    page("page of 100 users at the end", { requests: 4, peer }, (index) =>
      get(`/Users?startIndex=${Math.max(1, people.count - 100 - index)}&count=100`),
    ),
  ];
}

function writes(people: People): Operation[] {
  const one = operationOf(people);
  const put = (index: number, changes: object): Request => {
    const body = { ...personOf(people.at(index)), ...changes };
    return { method: "PUT", path: `/Users/${people.id(index)}`, body };
  };
  return [
    one("POST user", { requests: 2 }, () => {
      const name = unique("posted");
      const userName = `${name.replace(" ", "")}@example.com`;
      return {
        request: { method: "POST", path: "/Users", body: { ...personOf(0), userName, externalId: name } },
        undo: (answer) => ({ method: "DELETE", path: `/Users/${idOf(answer)}` }),
      };
    }),
    one("PUT user", { requests: 3 }, (index) => ({ request: put(index, { title: unique("Title") }) })),
    one("PUT user under another userName", { requests: 3 }, (index) => ({
      request: put(index, { userName: `renamed-${nameOf(people.at(index))}` }),
      undo: put(index, {}),
    })),
    one("PATCH user", { requests: 3 }, (index) => {
      const patch = (active: boolean): Request => {
        const body = patchOf({ op: "replace", value: { active } });
        return { method: "PATCH", path: `/Users/${people.id(index)}`, body };
      };
      return { request: patch(false), undo: patch(true) };
    }),
  ];
}

function deletion(populated: Populated, people: People): Operation {
  const { contender } = populated;
  const groups = tenGroups(populated);
  /** A new person in the ten groups. */
  const leaver = async (): Promise<string> => {
    const body = { ...personOf(0), userName: unique("leaver"), externalId: unique("leaver") };
    const id = idOf(await contender.send({ method: "POST", path: "/Users", body }));
    for (const group of await groups()) {
      await contender.send({ method: "PATCH", path: `/Groups/${group}`, body: adding([id]) });
    }
    return id;
  };
  const sample = async (): Promise<Sample> => ({ request: { method: "DELETE", path: `/Users/${await leaver()}` } });
  return { ...operationOf(people, HEAVY)("DELETE user in 10 groups", {}, sample), size: 10 };
}

/** Ten groups with the first people, created by the first sample that needs them. */
function tenGroups(populated: Populated): () => Promise<string[]> {
  const newGroup = groupMaker(populated);
  let made: Promise<string[]> | undefined;
  return () => (made ??= Promise.all(Array.from({ length: 10 }, () => newGroup([populated.people[0] ?? ""]))));
}
