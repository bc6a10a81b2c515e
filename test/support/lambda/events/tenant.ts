import { createClient } from "../../../../lambda/directory/client.ts";
import { createDirectory, type Directory } from "../../../../lambda/directory/index.ts";
import type { Store } from "../../../../lambda/directory/store.ts";
import { AbsentError } from "../../../../lambda/directory/errors.ts";
import { directoryTable, feedTable } from "../../../../lambda/contract.ts";
import type { JsonObject, Stored } from "../../../../lambda/model.ts";
import { represent } from "../../../../lambda/scim/representation/resource.ts";
import { startDynamoDb } from "../../../../sandbox/aws/dynamodb/engine.ts";
import { BASE_URL, publisher } from "./publisher.ts";
import { createSdkClient, createTable, deleteTable, readStream, type StreamReader } from "./stream.ts";

/** A directory whose changes are marked, its stream, and a table of feeds, on a real engine. */
export interface EventTenant {
  readonly directory: Directory;
  /** A directory of a function that has no `events` yet. */
  readonly unmarked: Directory;
  /** The directory in another request, whose time ends as soon as `isOver` returns true. */
  request(transaction: string, isOver?: () => boolean): Directory;
  readonly stream: StreamReader;
  readonly feed: Store;
  /** As the SCIM service answers GET, without what only the service knows. */
  readonly read: (uri: string) => Promise<JsonObject | undefined>;
  /** Every resource, as `Receiver.state` shows it. */
  state(): Promise<Record<string, { readonly attributes: JsonObject; readonly members: readonly string[] }>>;
  close(): Promise<void>;
}

let made = 0;

export async function startEventTenant(): Promise<EventTenant> {
  const engine = await startDynamoDb();
  const name = `events-${process.pid}-${(made += 1)}`;
  const sdk = createSdkClient(engine.endpoint);
  const arn = await createTable(sdk, name, directoryTable, true);
  await createTable(sdk, `${name}-feed`, feedTable);
  const stream = await readStream(engine.endpoint, arn);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = createClient({ endpoint: new URL(engine.endpoint), region: "us-east-1", credentials });
  const lasting = { remaining: () => 60_000 };
  const directoryOf = (transaction: string | undefined, deadline = lasting): Directory =>
    createDirectory({ client, tableName: name, deadline, transaction });
  return {
    ...viewOf({ client, table: name, deadline: lasting, transaction: "request-1" }),
    unmarked: directoryOf(undefined),
    request: (transaction, isOver = () => false) =>
      directoryOf(transaction, { remaining: () => (isOver() ? 0 : 60_000) }),
    stream,
    feed: { client, table: `${name}-feed`, deadline: lasting },
    async close() {
      stream.close();
      client.close();
      await deleteTable(sdk, name);
      await deleteTable(sdk, `${name}-feed`);
      sdk.destroy();
      await engine.close();
    },
  };
}

/** The directory of a table, as its readers see it. */
export function viewOf({
  client,
  table,
  deadline,
  transaction,
}: Store): Pick<EventTenant, "directory" | "read" | "state"> {
  const directory = createDirectory({ client, tableName: table, deadline, transaction });
  const show = (kind: "user" | "group", stored: Stored, members?: readonly string[]): JsonObject =>
    represent(publisher.registry[kind], BASE_URL, stored, { members });
  return {
    directory,
    async read(uri) {
      const id = uri.slice(uri.lastIndexOf("/") + 1);
      try {
        if (uri.startsWith("/Users/")) return show("user", await directory.getUser(id));
        const { group, members } = await directory.getGroupWithMembers(id);
        return show("group", group, members);
      } catch (error) {
        if (error instanceof AbsentError) return undefined;
        throw error;
      }
    },
    async state() {
      const users = await directory.pageAfter("User", undefined, 100_000);
      const groups = await directory.pageAfter("Group", undefined, 100_000);
      const found: [string, { attributes: JsonObject; members: readonly string[] }][] = users.map((user) => [
        `/Users/${user.id}`,
        { attributes: user.attributes, members: [] },
      ]);
      for (const { id } of groups) {
        const { group, members } = await directory.getGroupWithMembers(id);
        found.push([`/Groups/${id}`, { attributes: group.attributes, members: [...members].sort() }]);
      }
      return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
    },
  };
}
