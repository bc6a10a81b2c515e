import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DirectoryError } from "../../../lambda/directory/errors.ts";
import type { Directory } from "../../../lambda/directory/index.ts";
import type { Claims } from "../../../lambda/events/set.ts";
import type { JsonObject } from "../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../lambda/scim/schema/index.ts";
import { memoryPublisher, type MemoryPublisher } from "../../support/lambda/events/publisher.ts";
import { Receiver, textOf } from "../../support/lambda/events/receiver.ts";
import { startEventTenant, type EventTenant } from "../../support/lambda/events/tenant.ts";

let tenant: EventTenant;
let crowd: string[];

beforeAll(async () => {
  tenant = await startEventTenant();
  crowd = [];
  for (let at = 0; at < 60; at += 1)
    crowd.push((await tenant.directory.createUser({ userName: `crowd-${at}@example.com`, active: true })).id);
  initial = await tenant.stream.read();
});
afterAll(() => tenant.close());
let initial: Awaited<ReturnType<EventTenant["stream"]["read"]>>;

const user: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      active: fc.boolean(),
      externalId: fc.string({ minLength: 1, maxLength: 8 }),
      title: fc.constantFrom("Engineer", "Lead-\u{1f600}", "x".repeat(70_000)),
      name: fc.record(
        { givenName: fc.constantFrom("A", "B"), familyName: fc.constantFrom("C", "D") },
        { requiredKeys: [] },
      ),
      emails: fc.constantFrom([{ value: "a@example.com", primary: true }], [{ value: "b@example.com", type: "work" }]),
      [ENTERPRISE_USER]: fc.record(
        { department: fc.constantFrom("R&D", "Sales"), manager: fc.record({ value: fc.constantFrom("1", "2") }) },
        { requiredKeys: ["department"] },
      ),
    },
    { requiredKeys: [] },
  )
  .map((attributes): JsonObject => {
    const { name, ...rest } = attributes;
    return { ...rest, ...(name && Object.keys(name).length > 0 && { name: { ...name } }) } as JsonObject;
  });

type Wish =
  | { readonly kind: "create user" | "put user" | "patch user"; readonly attributes: JsonObject; readonly at: number }
  | { readonly kind: "delete user" | "delete group" | "rename group"; readonly at: number }
  | {
      readonly kind: "create group" | "members";
      readonly at: number;
      readonly add: readonly number[];
      readonly remove: readonly number[];
      readonly crowd: boolean;
    }
  | { readonly kind: "publish"; readonly failAt: number; readonly isRepeated: boolean };

const at = fc.nat(30);
const some = fc.array(fc.nat(30), { maxLength: 3 });
const wish: fc.Arbitrary<Wish> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("create user", "put user", "patch user"), attributes: user, at }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("delete user", "delete group", "rename group"), at }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("create group", "members", "members"),
      ...{ at, add: some, remove: some },
      crowd: fc.boolean().map((one) => one),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("publish"), failAt: fc.nat(12), isRepeated: fc.boolean() }) },
);

let serial = 0;
const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Ids of what a run made. */
interface Made {
  readonly users: string[];
  readonly groups: string[];
}

async function perform(directory: Directory, made: Made, one: Exclude<Wish, { kind: "publish" }>): Promise<void> {
  const group = pick(made.groups, one.at) ?? "none";
  const person = pick(made.users, one.at) ?? "none";
  const ids = (indexes: readonly number[]): string[] =>
    indexes.flatMap((index) => pick([...made.users, ...crowd.slice(0, 3)], index) ?? []);
  switch (one.kind) {
    case "create user":
      return void made.users.push(
        (await directory.createUser({ userName: `u${(serial += 1)}@example.com`, ...one.attributes })).id,
      );
    case "put user":
    case "patch user": {
      const how = one.kind === "put user" ? "put" : "patch";
      const kept = (current: JsonObject): JsonObject =>
        how === "put" ? { userName: current["userName"] ?? "" } : current;
      await directory.updateUser(person, ({ attributes }) => ({ ...kept(attributes), ...one.attributes }), { how });
      return;
    }
    case "delete user":
      return directory.deleteUser(person);
    case "create group": {
      const members = new Set([...ids(one.add), ...(one.crowd ? crowd : [])]);
      return void made.groups.push((await directory.createGroup({ displayName: `G${(serial += 1)}` }, members)).id);
    }
    case "rename group":
      await directory.updateGroup(
        group,
        ({ attributes }) => ({ attributes: { ...attributes, displayName: `G${(serial += 1)}` } }),
        { how: "put" },
      );
      return;
    case "members": {
      const add = new Set([...ids(one.add), ...(one.crowd && one.remove.length < 2 ? crowd : [])]);
      const remove = new Set([...ids(one.remove), ...(one.crowd && one.remove.length >= 2 ? crowd : [])]);
      await directory.updateGroup(group, ({ attributes }) => ({ attributes, members: { kind: "delta", add, remove } }));
      return;
    }
    case "delete group":
      return directory.deleteGroup(group);
  }
}

/** As Lambda does: a batch that fails is repeated from the record that the function returned, or as a whole if it died. */
async function follow(
  memory: MemoryPublisher,
  pending: typeof initial,
  failAt: number,
  isRepeated: boolean,
  taking: () => Promise<void> = async () => undefined,
): Promise<void> {
  let calls = 0;
  memory.before = () => {
    if ((calls += 1) === failAt + 1) throw new Error("the delivery failed");
  };
  let left = pending;
  for (let attempt = 0; attempt < 50 && left.length > 0; attempt += 1) {
    // The mapping bisects a batch that failed.
    const batch = attempt === 0 ? left : left.slice(0, Math.ceil(left.length / 2));
    const { response } = await memory.publish(batch);
    const first = response.batchItemFailures[0]?.itemIdentifier;
    const done =
      first === undefined ? batch.length : batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === first);
    left = left.slice(done);
    await taking();
  }
  expect(left).toEqual([]);
  memory.before = () => undefined;
  if (isRepeated) await memory.publish(pending);
}

it(
  "a receiver that applies what it polls to an empty map ends with exactly the directory",
  { timeout: 600_000 },
  async () => {
    const receivers = (["notice", "full"] as const).map(
      (mode) => ({ name: mode, id: "1", delivery: "poll", mode }) as const,
    );
    const memory = await memoryPublisher(receivers);
    const followers = receivers.map(({ name }) => ({ name, receiver: new Receiver((uri) => tenant.read(uri)) }));
    const told = new Map<string, number>();
    /** A SET is never older than one of the same resource that came before it, except where a batch is repeated. */
    const take = async (mayRepeat: boolean): Promise<void> => {
      for (const { name, receiver } of followers)
        for (const claims of memory.take(name)) {
          checkOrder(`${name}${textOf(claims.sub_id["uri"])}`, claims, mayRepeat);
          await receiver.apply(claims);
        }
    };
    const checkOrder = (key: string, { jti }: Claims, mayRepeat: boolean): void => {
      const sequence = Number(jti.slice(0, 40));
      if (!mayRepeat) expect(sequence).toBeGreaterThan(told.get(key) ?? 0);
      told.set(key, Math.max(sequence, told.get(key) ?? 0));
    };
    await follow(memory, initial, 1_000_000, false);
    await take(false);
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 25 }), async (wishes) => {
        const made: Made = { users: [], groups: [] };
        for (const [index, one] of wishes.entries()) {
          if (one.kind === "publish") {
            await follow(memory, await tenant.stream.read(), one.failAt, one.isRepeated, () => take(true));
            await take(true);
            continue;
          }
          await perform(tenant.request(`request-${index}`), made, one).catch((error: unknown) => {
            if (!(error instanceof DirectoryError)) throw error;
          });
        }
        await follow(memory, await tenant.stream.read(), 1_000_000, false);
        await take(false);
        const expected = await tenant.state();
        for (const { receiver } of followers) expect(receiver.state()).toEqual(expected);
      }),
      { numRuns: Number(process.env["EVENT_RUNS"] ?? 60), endOnFailure: true },
    );
    expect(followers[1]?.receiver.reads).toBeLessThan(followers[0]?.receiver.reads ?? 0);
  },
);
