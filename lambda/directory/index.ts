import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Deadline, Directory } from "./directory.ts";
import { createGroups } from "./groups.ts";
import { createListing } from "./listing.ts";
import { createStore } from "./store.ts";
import { createUsers } from "./users.ts";

export type { Deadline, Directory, MemberChange, ResourceKind, Stored } from "./directory.ts";

/** The directory for one request. It holds nothing but the request's deadline, so making one costs nothing. */
export function createDirectory(options: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly deadline: Deadline;
}): Directory {
  const store = createStore(options.client, options.tableName, options.deadline);
  return { ...createUsers(store), ...createGroups(store), ...createListing(store) };
}
