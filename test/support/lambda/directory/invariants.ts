import { ScanCommand, type AttributeValue, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

const text = (item: Item, name: string): string => item[name]?.S ?? "";
const number = (item: Item, name: string): number => Number(item[name]?.N ?? Number.NaN);

/** Every item of a table, strongly consistent. */
async function scan(client: DynamoDBClient, table: string): Promise<Item[]> {
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(after && { ExclusiveStartKey: after }),
      }),
    );
    items.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return items;
}

/** The relations between the rows of `lambda/table.ts` while nothing is in flight; empty if all of them hold. */
export async function brokenInvariants(client: DynamoDBClient, table: string): Promise<string[]> {
  const items = await scan(client, table);
  const byKey = new Map(items.map((item) => [`${text(item, "pk")}|${text(item, "sk")}`, item]));
  const broken: string[] = [];
  const check = (holds: boolean, message: string): void => {
    if (!holds) broken.push(message);
  };
  const resource = (pk: string): Item | undefined => byKey.get(`${pk}|#`);
  const exists = (item: Item | undefined): item is Item =>
    item !== undefined && item["gone"] === undefined && item["deleting"] === undefined;
  const counted = new Map<string, number>();
  const digests = new Map<string, number>();

  for (const item of items) {
    const [pk, sk] = [text(item, "pk"), text(item, "sk")];
    const [kind, id] = [pk.slice(0, 1), pk.slice(2)];
    if ((kind === "U" || kind === "G") && sk === "#") {
      check(item["deleting"] === undefined, `${pk} is still being deleted`);
      check(item["intent"] === undefined, `${pk} has an intent that nobody finished`);
      check(!exists(item) || item["unborn"] === undefined, `${pk} is still hidden`);
      if (!exists(item)) continue;
      const name = byKey.get(`N#${text(item, "nk")}|#`);
      check(name !== undefined && text(name, "id") === id, `${pk} has no reservation of its name`);
      const externalId = item["xk"]?.S;
      check(externalId === undefined || byKey.has(`X#${externalId}|${id}`), `${pk} is not found by its externalId`);
      const listing = kind === "U" ? "User" : "Group";
      check(byKey.has(`L#${listing}|${id}`), `${pk} is not listed`);
      const counter = `C#${listing}|${id.slice(0, 2)}`;
      counted.set(counter, (counted.get(counter) ?? 0) + 1);
    } else if (kind === "N") {
      const owner = resource(`U#${text(item, "id")}`) ?? resource(`G#${text(item, "id")}`);
      check(exists(owner) && text(owner, "nk") === id, `${pk} reserves a name that ${text(item, "id")} has not`);
    } else if (kind === "X") {
      const owner = resource(`U#${sk}`) ?? resource(`G#${sk}`);
      check(exists(owner) && text(owner, "xk") === id, `${pk} names ${sk}, which has another externalId`);
    } else if (kind === "L") {
      check(exists(resource(`${id.slice(0, 1)}#${sk}`)), `${pk} lists ${sk}, which does not exist`);
    } else if (kind === "G") {
      const user = sk.slice(2);
      const reverse = byKey.get(`U#${user}|${pk}`);
      const same = (name: string): boolean => reverse?.[name]?.N === item[name]?.N;
      check(reverse !== undefined && same("a") && same("r"), `${pk} has ${user}, who does not have it alike`);
      check(exists(resource(pk)), `${pk} does not exist and has the member ${user}`);
      check(exists(resource(`U#${user}`)), `${pk} has the member ${user}, who does not exist`);
      const epoch = number(resource(pk) ?? {}, "e");
      check(number(item, "a") <= epoch, `${pk} has ${user} from an epoch that was never committed`);
      check(item["r"] === undefined || number(item, "r") <= epoch, `${pk} loses ${user} in an epoch to come`);
      if (item["r"] === undefined) digests.set(pk, (digests.get(pk) ?? 0) + Number.parseInt(user.slice(0, 8), 16));
    } else if (kind === "U") {
      check(byKey.has(`${sk}|M#${id}`), `${pk} is in ${sk}, which does not have it`);
    } else if (kind === "D") {
      const pending = Object.keys(item).filter((name) => !["pk", "sk", "n"].includes(name));
      check(pending.length === 0, `the deletions ${pending.join(", ")} are not finished`);
    } else if (kind !== "C") {
      broken.push(`${pk} ${sk} is no row of the table`);
    }
  }
  for (const item of items.filter((one) => text(one, "pk").startsWith("G#") && text(one, "sk") === "#")) {
    const pk = text(item, "pk");
    check(!exists(item) || number(item, "d") === (digests.get(pk) ?? 0), `${pk} has a digest of other members`);
  }
  broken.push(...miscounted(items, counted));
  return broken;
}

/** The counters of the table that differ from the counted numbers, and missing ones. */
function miscounted(items: readonly Item[], counted: ReadonlyMap<string, number>): string[] {
  const broken: string[] = [];
  const missing = new Set(counted.keys());
  for (const item of items.filter((one) => text(one, "pk").startsWith("C#"))) {
    const key = `${text(item, "pk")}|${text(item, "sk")}`;
    const [count, actual] = [number(item, "n"), counted.get(key) ?? 0];
    if (count !== actual) broken.push(`${key} counts ${count} of ${actual}`);
    missing.delete(key);
  }
  for (const key of missing) broken.push(`${key} is not counted`);
  return broken;
}
