import fc from "fast-check";
import { z } from "zod";
import type { Stored } from "../../../../lambda/directory/index.ts";
import {
  createDraw,
  faultKinds,
  seededFreedoms,
  type FaultKind,
} from "../../../../sandbox/aws/dynamodb/faults/freedoms.ts";
import { execute, fold } from "./execute.ts";
import { outcomes, type Observed } from "./linearize.ts";
import { CROWD, showState, type Command, type State } from "./model.ts";
import { newUser } from "./operations.ts";
import type { World } from "./world.ts";

/** 50 of them: adding or removing all of them exceeds the 100 items of one transaction. */
const CROWD_SIZE = 50;
const NAMES = ["ann@example.com", "ben@example.com", "cat@example.com", "dan@example.com", "EVE@example.com"];
const GROUPS = ["Red", "Green", "Blue"];

/** A command before its people and groups are known: numbers choose among them. */
export interface Wish {
  readonly kind: Command["kind"];
  readonly target: number;
  readonly name: number;
  readonly members: readonly number[];
  readonly crowd: boolean;
}

const kinds: readonly Command["kind"][] = [
  "create user",
  "title user",
  "rename user",
  "delete user",
  "read user",
  "create group",
  "add members",
  "remove members",
  "put group",
  "rename group",
  "delete group",
  "read group",
];

const wish: fc.Arbitrary<Wish> = fc.record({
  // Groups and their members are where requests conflict, so they are drawn more often.
  kind: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...kinds) },
    { weight: 2, arbitrary: fc.constantFrom(...kinds.slice(5)) },
  ),
  target: fc.nat(20),
  name: fc.nat(20),
  members: fc.array(fc.nat(20), { maxLength: 3 }),
  crowd: fc.boolean(),
});

/** Lanes of requests that run at the same time. */
const round: fc.Arbitrary<Wish[][]> = fc.array(fc.array(wish, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

/** Share of the requests to DynamoDB that meet a fault. */
const RATE = 0.12;

/** Kinds that cost the function its timeout. `npm test` has no time for them. */
const slow: readonly FaultKind[] = ["unanswered", "unanswered-done", "too-late", "stalled-body", "dead-connections"];
const quick = faultKinds.filter((kind) => !slow.includes(kind));

/**
 * Share of the rounds in which each partition key accepts only `KEY_LIMIT` write units a second. Moving the crowd costs
 * 100.
 */
const LIMITED = 0.15;
const KEY_LIMIT = 80;

/**
 * Draws disturbances that AWS may cause from a seeded sequence. `isThorough` draws all kinds, limits partition keys and
 * also kills processes.
 */
function randomFaults(world: World, seed: number, isThorough: boolean): void {
  const { cloud } = world.tenant;
  const draw = createDraw(seed + 1);
  const keyLimit = isThorough && draw() < LIMITED ? KEY_LIMIT : undefined;
  const freedoms = seededFreedoms({ seed, rate: RATE, kinds: isThorough ? faultKinds : quick, keyLimit });
  cloud.disturb({
    ...freedoms,
    faults: (request) => {
      const drawn = draw();
      if (!isThorough || drawn >= 0.004) return freedoms.faults(request);
      void cloud.killFunctions();
      return drawn < 0.002 ? "cut" : "lost";
    },
  });
}

export async function makeCrowd(world: World): Promise<string[]> {
  return Promise.all(Array.from({ length: CROWD_SIZE }, (_, at) => newUser(world, { title: `crowd ${at}` })));
}

/** Requests that DynamoDB did after their sender had given up or ended. */
export const lateRequests = ({ tenant }: World): number =>
  Object.values(tenant.cloud.requestCounts()).reduce((sum, { late }) => sum + late, 0);

/** Deletes the hidden groups that late writes have left, as the next creations of their names do. */
export async function reclaimNames(world: World): Promise<void> {
  for (const displayName of GROUPS) {
    const { status, body } = await world.scim("POST", "/Groups", { displayName });
    if (status === 201) await world.scim("DELETE", `/Groups/${z.object({ id: z.string() }).parse(body).id}`);
  }
}

const nameOf = ({ attributes }: Stored): string =>
  z.string().parse(attributes["userName"] ?? attributes["displayName"]);

/** The directory as it is, without the crowd. */
async function readState(world: World, crowd: readonly string[]): Promise<State> {
  const { directory } = world;
  const isCrowd = new Set(crowd);
  const users = (await directory.pageAfter("User", undefined, 200)).filter(({ id }) => !isCrowd.has(id));
  const groups = await directory.pageAfter("Group", undefined, 200);
  const withMembers = await Promise.all(
    groups.map(async (group) => {
      const { members } = await directory.getGroupWithMembers(group.id);
      return [group.id, { name: nameOf(group), members: fold(members, crowd) }] as const;
    }),
  );
  return {
    users: new Map(
      users.map((user) => [
        user.id,
        { name: nameOf(user), title: z.string().catch("").parse(user.attributes["title"]) },
      ]),
    ),
    groups: new Map(withMembers),
    leaving: new Set(),
  };
}

const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % from.length];

function commandOf(wanted: Wish, start: State, made: string): Command | undefined {
  const { kind } = wanted;
  const isGroup = kind.endsWith("group") || kind.endsWith("members");
  const id = kind.startsWith("create") ? made : pick([...(isGroup ? start.groups : start.users).keys()], wanted.target);
  if (id === undefined) return undefined;
  const name = pick(isGroup ? GROUPS : NAMES, wanted.name) ?? "";
  const people = wanted.members.flatMap((at) => pick([...start.users.keys()], at) ?? []);
  const members = [...new Set(people), ...(wanted.crowd ? [CROWD] : [])];
  switch (kind) {
    case "title user":
      return { kind, id, title: `Title ${wanted.name}` };
    case "create user":
    case "rename user":
    case "rename group":
      return { kind, id, name };
    case "create group":
    case "put group":
      return { kind, id, name, members };
    case "add members":
    case "remove members":
      return { kind, id, members };
    default:
      return { kind, id };
  }
}

/**
 * Runs lanes at the same time, and compares their clients' answers and the final state with the model.
 * @throws Error that shows all three if no order of the commands explains them
 */
async function play(world: World, crowd: readonly string[], wishes: readonly (readonly Wish[])[]): Promise<void> {
  const start = await readState(world, crowd);
  const lateBefore = lateRequests(world);
  const lanes = wishes.map((lane, at) =>
    lane.flatMap((wanted, index) => commandOf(wanted, start, `new ${at}.${index}`) ?? []),
  );
  const observed = await Promise.all(
    lanes.map(async (lane) => {
      const seen: Observed[] = [];
      for (const command of lane) seen.push(await execute(world, command, crowd));
      return seen;
    }),
  );
  await world.tenant.cloud.settled();
  const end = showState(await readState(world, crowd));
  const possible = outcomes(start, observed, lateRequests(world) > lateBefore);
  if (possible.has(end)) return;
  const told = observed.map((lane) =>
    lane
      .map(({ command, answer, failedBefore }) => `    ${JSON.stringify(command)} → ${answer} (after ${failedBefore})`)
      .join("\n"),
  );
  throw new Error(
    `no order of the commands explains what was seen\n  start: ${showState(start)}\n  lanes:\n${told.join("\n  |\n")}\n  end: ${end}\n  possible: ${[...possible].join("\n            ")}`,
  );
}

/**
 * Runs random rounds with random faults, each explained by the model. `isThorough` uses all faults, limits partition keys
 * and kills processes.
 * @throws Error that begins with the observed answers and ends with the seed and the round
 */
export async function runModel(
  world: World,
  crowd: readonly string[],
  isThorough: boolean,
  options: { readonly seed?: number; readonly numRuns: number },
): Promise<void> {
  const property = fc.asyncProperty(round, fc.integer(), async (wishes, faultSeed) => {
    randomFaults(world, faultSeed, isThorough);
    try {
      await play(world, crowd, wishes);
    } finally {
      world.tenant.cloud.disturb(undefined);
    }
  });
  // Rounds build on each other: a smaller one would begin in another directory.
  const { failed, errorInstance, seed, numRuns, counterexample } = await fc.check(property, {
    ...options,
    endOnFailure: true,
  });
  if (!failed) return;
  const seen = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`${seen}\n  seed ${seed}, round ${numRuns}: ${JSON.stringify(counterexample)}`, {
    cause: errorInstance,
  });
}
