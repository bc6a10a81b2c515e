import { measure, WARM_UP, type Measurement } from "./measure.ts";
import { row, type Row } from "./rows.ts";
import { idOf, patchOf, type Request, type Service } from "./service.ts";

/** A directory of some people and a group of some of them; `spare` are in no group. */
export interface Scale {
  readonly users: number;
  readonly members: number;
}

interface Bounds {
  readonly requests?: number;
  readonly reads?: number;
}

interface Operation {
  readonly name: string;
  readonly size: number;
  readonly samples: number;
  readonly bounds: Bounds;
  /** The `at`th of its kind: each changes something else. Those from `samples` on warm up. */
  readonly request: (at: number) => Promise<Request> | Request;
}

type Progress = (text: string) => void;

/** Even numbers, warming up included: every second sample takes back what the one before it did. */
const SAMPLES = 30;
/** A list of five thousand members and more takes megabytes and seconds. */
const SAMPLES_OF_LARGE = 6;
const LANES = 8;

const nameOf = (at: number): string => `person${at}@example.com`;
const member = (value: string) => ({ value, display: "someone@example.com" });
const add = (ids: readonly string[]) => patchOf({ op: "add", path: "members", value: ids.map(member) });
const remove = (ids: readonly string[]) =>
  patchOf(...ids.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` })));
const filtered = (path: string, filter: string, more = ""): Request => ({
  method: "GET",
  path: `/${path}?filter=${encodeURIComponent(filter)}&startIndex=1&count=100${more}`,
});

/** Creates people through the service; their ids in order. */
export async function seedUsers(service: Service, from: number, to: number, progress: Progress): Promise<string[]> {
  const ids: string[] = [];
  let next = from;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < to; at = next++) {
      const body = {
        userName: nameOf(at),
        externalId: `00u${at}`,
        name: { givenName: "Person", familyName: String(at) },
        displayName: `Person ${at}`,
        emails: [{ value: nameOf(at), type: "work", primary: true }],
        active: true,
      };
      ids[at - from] = idOf(await service.send({ method: "POST", path: "/Users", body }));
      if (at % 1_000 === 0) progress(`${at} of ${to} people`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return ids;
}

/** Measures every operation of the access patterns in a directory of this scale. */
export async function benchDirectory(service: Service, scale: Scale, progress: Progress): Promise<Row[]> {
  const { cloud } = service.tenant;
  const people = await seedUsers(service, 0, scale.users, progress);
  const rows: Row[] = [];
  const run = async (operation: Operation): Promise<void> => {
    progress(`${operation.name}, ${operation.size} of ${scale.users} people`);
    const prepared: Request[] = [];
    for (let at = 0; at < operation.samples + WARM_UP; at += 1) prepared.push(await operation.request(at));
    const send = async (at: number): Promise<unknown> => {
      const request = prepared[at];
      return request && service.sendUntilDone(request);
    };
    const measured = await measure(cloud, operation.samples, send, (at) => send(operation.samples + at));
    rows.push(...rowsOf(operation, scale.users, measured));
  };
  const newGroup = async (ids: readonly string[]): Promise<string> => {
    const displayName = `Group ${(groups += 1)}`;
    return idOf(
      await service.send({ method: "POST", path: "/Groups", body: { displayName, members: ids.map(member) } }),
    );
  };
  let groups = 0;

  for (const operation of userOperations(scale.users, people, { send: service.send, newGroup })) await run(operation);
  for (const size of [...new Set([Math.min(10, scale.members), scale.members])]) {
    const id = await newGroup([]);
    const first = people.slice(0, size);
    const spare = people.slice(size);
    await service.sendUntilDone({ method: "PUT", path: `/Groups/${id}`, body: listOf("Group under test", first) });
    for (const operation of groupOperations({ id, size, first, spare, newGroup })) await run(operation);
    await service.send({ method: "DELETE", path: `/Groups/${id}` });
  }
  return rows;
}

function rowsOf({ name, size, bounds }: Operation, users: number, measured: Measurement): Row[] {
  const common = { name, size, users, peakMemoryMb: Math.round(measured.peakMemory / 1024 / 1024) };
  const bound = (value: number | undefined): { bound: number } | object =>
    value === undefined ? {} : { bound: value };
  const { readRequests, writeRequests, readUnits, writeUnits, p50, p99 } = measured;
  return [
    row({ ...common, unit: "requests", ours: readRequests + writeRequests, ...bound(bounds.requests) }),
    row({ ...common, unit: "read requests", ours: readRequests, ...bound(bounds.reads) }),
    row({ ...common, unit: "read units", ours: readUnits }),
    row({ ...common, unit: "write units", ours: writeUnits }),
    row({ ...common, unit: "ms p50", ours: p50 }),
    row({ ...common, unit: "ms p99", ours: p99 }),
  ];
}

const listOf = (displayName: string, ids: readonly string[]) => ({ displayName, members: ids.map(member) });

function userOperations(
  users: number,
  people: readonly string[],
  {
    send,
    newGroup,
  }: { readonly send: Service["send"]; readonly newGroup: (ids: readonly string[]) => Promise<string> },
): Operation[] {
  const person = (at: number): string => people[at % people.length] ?? "";
  const operation = (name: string, bounds: Bounds, request: Operation["request"], size = users): Operation => ({
    name,
    size,
    samples: SAMPLES,
    bounds,
    request,
  });
  const joinGroups = async (id: string): Promise<string> => {
    for (let group = 0; group < 10; group += 1) await newGroup([id]);
    return id;
  };
  let wellConnected: Promise<string> | undefined;
  return [
    operation("GET user", { requests: 2 }, (at) => ({ method: "GET", path: `/Users/${person(at)}` })),
    operation("GET user with its 10 groups", { requests: 2 + 10 / 100 }, async () => ({
      method: "GET",
      path: `/Users/${await (wellConnected ??= joinGroups(person(0)))}?attributes=groups`,
    })),
    operation("find user by userName", { requests: 3 }, (at) =>
      filtered("Users", `userName eq "${nameOf(at % users).toUpperCase()}"`),
    ),
    operation("find user by externalId", { requests: 3 }, (at) =>
      filtered("Users", `externalId eq "00u${at % users}"`),
    ),
    operation("POST user", { requests: 2 }, (at) => ({
      method: "POST",
      path: "/Users",
      body: { userName: `posted${at}@example.com`, externalId: `00uposted${at}`, active: true },
    })),
    operation("PUT user", { requests: 3 }, (at) => ({
      method: "PUT",
      path: `/Users/${person(at)}`,
      body: { userName: nameOf(at % users), externalId: `00u${at % users}`, title: `Title ${at}`, active: true },
    })),
    operation("PUT user under another userName", { requests: 3 }, (at) => ({
      method: "PUT",
      path: `/Users/${person(at + 40)}`,
      body: { userName: `renamed${at}@example.com`, externalId: `00u${(at + 40) % users}`, active: true },
    })),
    operation("PATCH user", { requests: 3 }, (at) => ({
      method: "PATCH",
      path: `/Users/${person(at)}`,
      body: patchOf({ op: "replace", value: { active: false } }),
    })),
    {
      ...operation("DELETE user in 10 groups", {}, async (at) => {
        const body = { userName: `leaver${at}@example.com` };
        const id = idOf(await send({ method: "POST", path: "/Users", body }));
        return { method: "DELETE", path: `/Users/${await joinGroups(id)}` };
      }),
      size: 10,
      samples: SAMPLES_OF_LARGE,
    },
    operation("first page of 100 users", { requests: 4 }, () => ({
      method: "GET",
      path: "/Users?startIndex=1&count=100",
    })),
    operation("page of 100 users at the end", { requests: 4 }, (at) => ({
      method: "GET",
      path: `/Users?startIndex=${Math.max(1, users - 100 - at)}&count=100`,
    })),
  ];
}

interface GroupUnderTest {
  readonly id: string;
  readonly size: number;
  readonly first: readonly string[];
  readonly spare: readonly string[];
  readonly newGroup: (ids: readonly string[]) => Promise<string>;
}

function groupOperations({ id, size, first, spare, newGroup }: GroupUnderTest): Operation[] {
  const path = `/Groups/${id}`;
  const samples = size > 5_000 ? SAMPLES_OF_LARGE : SAMPLES;
  const operation = (name: string, bounds: Bounds, request: Operation["request"], count = SAMPLES): Operation => ({
    name,
    size,
    samples: count,
    bounds,
    request,
  });
  const change = (k: number): Bounds => ({ requests: 6 + k / 10 });
  const put = (d: number): Bounds => ({ reads: 2 + size / 1_000 + d / 100 });
  const spareOnes = (at: number, count: number): string[] =>
    Array.from({ length: count }, (_, index) => spare[(at * count + index) % spare.length] ?? "");
  const swapped = (at: number, count: number): Request => {
    const before = first.slice(0, size - Math.min(count, size));
    const others = at % 2 === 0 ? spareOnes(0, Math.min(count, size)) : first.slice(before.length);
    return { method: "PUT", path, body: listOf("Group under test", [...before, ...others]) };
  };
  const many = Math.min(100, spare.length, size);
  const deleted = Math.min(size, 1_000);
  let filled = 0;
  return [
    operation("GET group", { requests: 2 + size / 4_000 }, () => ({ method: "GET", path }), samples),
    operation("find group by name, without members", { requests: 3 }, () =>
      filtered("Groups", 'displayName eq "group UNDER test"', "&excludedAttributes=members"),
    ),
    operation("PATCH adds 1 member", change(1), (at) => ({ method: "PATCH", path, body: add(spareOnes(at, 1)) })),
    operation("PATCH removes 1 member", change(1), (at) => ({ method: "PATCH", path, body: remove(spareOnes(at, 1)) })),
    operation(`PATCH adds or removes ${many} members`, change(many), (at) => ({
      method: "PATCH",
      path,
      body: at % 2 === 0 ? add(spareOnes(0, many)) : remove(spareOnes(0, many)),
    })),
    operation("rename group", { requests: 3 }, (at) => ({
      method: "PATCH",
      path,
      body: patchOf({ op: "replace", value: { id, displayName: at % 2 === 0 ? "Renamed" : "Group under test" } }),
    })),
    operation("PUT group with 1 member changed", put(1), (at) => swapped(at, 1), samples),
    operation(`PUT group with ${many} members changed`, put(many), (at) => swapped(at, many), samples),
    operation(
      "first PUT of all members",
      {},
      async () => ({
        method: "PUT",
        path: `/Groups/${await newGroup([])}`,
        body: listOf(`Filled ${size} ${(filled += 1)}`, first),
      }),
      size > 5_000 ? 2 : SAMPLES_OF_LARGE,
    ),
    {
      ...operation("DELETE group", {}, async () => ({
        method: "DELETE",
        path: `/Groups/${await newGroup(first.slice(0, deleted))}`,
      })),
      size: deleted,
      samples: SAMPLES_OF_LARGE,
    },
  ];
}
