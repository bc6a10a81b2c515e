import { createHash } from "node:crypto";
import {
  DeleteItemCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fold } from "../../../lambda/folding.ts";
import { DirectoryError } from "../../../lambda/directory/errors.ts";
import type { Directory } from "../../../lambda/directory/index.ts";
import { keys, nameHash } from "../../../lambda/directory/keys.ts";
import type { ResourceKind } from "../../../lambda/model.ts";
import { startStore, type TestStore } from "../../support/lambda/directory/support.ts";

let store: TestStore;
let directory: Directory;
let table: string;

beforeAll(async () => {
  store = await startStore();
  table = (await store.client.send(new ListTablesCommand({}))).TableNames?.[0] ?? "";
});
beforeEach(() => {
  directory = store.directory();
});
afterAll(() => store.close());

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof DirectoryError) return error.name;
      throw error;
    },
  );

/** The hash of names in the version before folding. */
const formerHash = (kind: ResourceKind, name: string): string =>
  createHash("sha256")
    .update([kind, name.normalize("NFC").toLowerCase()].join("\u0000"))
    .digest("base64url");

const isReserved = async (hash: string): Promise<boolean> =>
  (await store.client.send(new GetItemCommand({ TableName: table, Key: keys.name(hash) }))).Item !== undefined;

/** Moves a resource's reservation to the key of the version before folding. */
async function reserveAsBefore(kind: ResourceKind, id: string, name: string): Promise<void> {
  const former = formerHash(kind, name);
  const { client } = store;
  await client.send(new DeleteItemCommand({ TableName: table, Key: keys.name(nameHash(kind, name)) }));
  await client.send(new PutItemCommand({ TableName: table, Item: { ...keys.name(former), id: { S: id } } }));
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: keys.resource(kind, id),
      UpdateExpression: "SET nk = :nk",
      ExpressionAttributeValues: { ":nk": { S: former } },
    }),
  );
}

/** The two kinds of resources, with what their names need. */
const kinds = {
  User: {
    create: (name: string) => directory.createUser({ userName: name }),
    find: (name: string) => directory.findUserByUserName(name),
    update: (id: string, name: string, title: string) => directory.updateUser(id, () => ({ userName: name, title })),
    remove: (id: string) => directory.deleteUser(id),
  },
  Group: {
    create: (name: string) => directory.createGroup({ displayName: name }, new Set()),
    find: (name: string) => directory.findGroupByDisplayName(name),
    update: (id: string, name: string, externalId: string) =>
      directory.updateGroup(id, () => ({ attributes: { displayName: name, externalId } })),
    remove: (id: string) => directory.deleteGroup(id),
  },
} as const;

let serial = 0;
const unique = (name: string): string => `${name} ${(serial += 1)}`;

describe.each(["User", "Group"] as const)("the name of a %s", (kind) => {
  const { create, find, update, remove } = kinds[kind];

  it.each([
    ["J\u030c", "ǰ"],
    ["T\u0308", "ẗ"],
    ["ΝΙΚΟΣ", "νικοσ"],
    ["ａbc", "abc"],
    ["Straße", "STRASSE"],
    ["é", "E\u0301"],
  ])("is one for %s and %s", async (one, other) => {
    const suffix = unique("");
    const { id } = await create(one + suffix);
    expect((await find(other + suffix))?.id).toBe(id);
    expect(await outcomeOf(create(other + suffix))).toBe("TakenError");
  });

  it("is the same exactly for texts with the same folded form", async () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "A", "s", "S", "ß", "Σ", "σ", "ς", "ı", "İ", "i", "Ａ", "é"),
      minLength: 1,
      maxLength: 2,
    });
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        const suffix = unique("");
        await create(one + suffix);
        const isOne = fold(one + suffix) === fold(other + suffix);
        expect((await find(other + suffix)) !== undefined).toBe(isOne);
        expect(await outcomeOf(create(other + suffix))).toBe(isOne ? "TakenError" : "done");
      }),
      { numRuns: 40 },
    );
  });

  describe("that was reserved before names were folded", () => {
    async function created(name: string): Promise<string> {
      const { id } = await create(name);
      await reserveAsBefore(kind, id, name);
      return id;
    }

    it.each([
      ["Νίκος", "ΝΊΚΟΣ"],
      ["Straße", "straße"],
      ["J\u030c", "ǰ"],
    ])("is found and stays unique: %s and %s", async (name, other) => {
      const suffix = unique("");
      const id = await created(name + suffix);
      for (const wanted of [name, other]) {
        expect((await find(wanted + suffix))?.id).toBe(id);
        expect(await outcomeOf(create(wanted + suffix))).toBe("TakenError");
      }
      const { id: second } = await create(unique("second"));
      expect(await outcomeOf(update(second, other + suffix, "x"))).toBe("TakenError");
    });

    it("is reserved under the current hash by the next write, and found in every form", async () => {
      const name = unique("Straße");
      const id = await created(name);
      expect(await find(fold(name))).toBeUndefined();
      await update(id, name, "1");
      expect((await find(fold(name)))?.id).toBe(id);
      expect(await isReserved(formerHash(kind, name))).toBe(false);
      await update(id, name, "2");
      await remove(id);
      expect(await isReserved(nameHash(kind, name))).toBe(false);
    });

    it("stays as it is if an equal name was reserved meanwhile: both resources can be changed", async () => {
      const name = unique("Straße");
      const id = await created(name);
      const other = await create(fold(name));
      await update(id, name, "1");
      expect(await isReserved(formerHash(kind, name))).toBe(true);
      expect((await find(name))?.id).toBe(other.id);
      await remove(other.id);
      await update(id, name, "2");
      expect((await find(fold(name)))?.id).toBe(id);
      expect(await isReserved(formerHash(kind, name))).toBe(false);
    });

    it("is free after a rename and after a deletion", async () => {
      const [first, second] = [unique("Νίκος"), unique("Straße")];
      const renamed = await created(first);
      const removed = await created(second);
      await update(renamed, unique("Ann"), "1");
      await remove(removed);
      for (const name of [first, second]) {
        expect(await isReserved(formerHash(kind, name))).toBe(false);
        expect(await outcomeOf(create(name))).toBe("done");
      }
    });
  });
});
