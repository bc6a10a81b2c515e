import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../../../../sandbox/aws/index.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newUser, PEOPLE, type Case, type Operation } from "./operations.ts";
import { startWorld, type World } from "./world.ts";

/** Faults that hit one request to DynamoDB. `killedBefore` and `killedAfter` also kill the function's process. */
const kinds = ["throttle", "conflict", "unprocessed", "cut", "lost", "killedBefore", "killedAfter", "slow"] as const;
type Kind = (typeof kinds)[number];

/** Milliseconds. The function's client gives up on a request after 3 s, and DynamoDB still performs it. */
const SLOW = 3_500;

const faultOf: Readonly<Record<Kind, Fault>> = {
  throttle: "throttle",
  conflict: "conflict",
  unprocessed: "unprocessed",
  cut: "cut",
  lost: "lost",
  killedBefore: "cut",
  killedAfter: "lost",
  slow: { delayMs: SLOW },
};

async function makePeople(world: World): Promise<string[]> {
  const people: string[] = [];
  while (people.length < PEOPLE) people.push(...(await Promise.all(Array.from({ length: 20 }, () => newUser(world)))));
  return people;
}

/** DynamoDB requests of the operation without faults. */
async function countRequests(world: World, operation: Operation, people: readonly string[]): Promise<number> {
  const { cloud } = world.tenant;
  const prepared = await operation.prepare(world, people);
  let count = 0;
  cloud.faults = () => {
    count += 1;
    return "pass";
  };
  try {
    await finish(world, prepared, "undisturbed");
  } finally {
    cloud.faults = undefined;
  }
  return count;
}

/**
 * Lets a fault hit the operation's `k`th request, counted from 0, while a reader watches. The client retries as Okta
 * does.
 * @throws Error that names an invalid intermediate state or leftover
 */
async function disturb(
  world: World,
  operation: Operation,
  people: readonly string[],
  kind: Kind,
  k: number,
): Promise<void> {
  const { cloud } = world.tenant;
  const prepared = await operation.prepare(world, people);
  const label = `${operation.name}, ${kind} at request ${k}`;
  let sequence = 0;
  cloud.faults = async () => {
    if (sequence++ !== k) return "pass";
    if (kind === "killedBefore") await cloud.killFunctions();
    // The process must still exist while its request is performed.
    if (kind === "killedAfter") setTimeout(() => void cloud.killFunctions(), 0);
    return faultOf[kind];
  };
  try {
    await finish(world, prepared, label);
  } finally {
    cloud.faults = undefined;
  }
}

async function finish(world: World, prepared: Case, label: string): Promise<void> {
  const { status, body } = await watch(prepared, label, 3, () =>
    world.scim(prepared.method, prepared.path, prepared.body),
  );
  if (!prepared.done.includes(status)) throw new Error(`${label}: answered ${status} ${JSON.stringify(body)}`);
}

/**
 * Does a request while a reader looks every few milliseconds.
 * @returns its answer
 * @throws Error that names what was seen in between, or afterwards, and must not be
 */
export async function watch<T>(prepared: Case, label: string, every: number, request: () => Promise<T>): Promise<T> {
  const before = await prepared.view();
  const reader = { isDone: false };
  const seen: string[] = [before];
  const look = async (): Promise<void> => {
    while (!reader.isDone) {
      const view = await prepared.view();
      if (view !== seen.at(-1)) seen.push(view);
      // Yields the processor to the observed requests.
      await sleep(every);
    }
  };
  const looking = look();
  const answer = await request().finally(async () => {
    reader.isDone = true;
    await looking;
  });
  const now = await prepared.view();
  if (now !== prepared.after) {
    throw new Error(`${label}: is ${now} and not ${prepared.after}, after ${JSON.stringify(answer)}`);
  }
  const other = seen.filter((view) => view !== before && view !== prepared.after);
  if (prepared.isAtomic && (other.length > 0 || seen.length > 2)) {
    throw new Error(`${label}: a reader saw, one after the other, ${seen.join(" | ")}`);
  }
  return answer;
}

/** Declares the tests of these operations with these kinds of fault, in their own world. */
export function sweep(operations: readonly Operation[], faults: readonly Kind[] = kinds): void {
  let world: World;
  let people: string[];
  beforeAll(async () => {
    world = await startWorld();
    people = await makePeople(world);
  });
  afterAll(() => world.close());

  describe.each(operations)("$name", (operation) => {
    let requests = 0;
    beforeEach(async () => {
      requests ||= await countRequests(world, operation, people);
    });

    it.each(faults)(
      "is performed once and completely, whichever of its DynamoDB requests meets the fault: %s",
      async (kind) => {
        expect(requests).toBeGreaterThan(0);
        for (let k = 0; k < requests; k += 1) await disturb(world, operation, people, kind, k);
        expect(await world.invariants()).toEqual([]);
      },
    );
  });
}
