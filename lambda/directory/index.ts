import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Deadline, Directory } from "../model.ts";
import { createGroups } from "./groups.ts";
import { createListing } from "./listing.ts";
import { createStore } from "./store.ts";
import { createUsers } from "./users.ts";

export type { Deadline, Directory, MemberChange, ResourceKind, Stored } from "../model.ts";

export interface DirectoryOptions {
  /** Its timeouts and its own retries are its owner's business; both must be shorter than the deadline. */
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** That of the request which this directory serves. */
  readonly deadline: Deadline;
}

/** The directory of one tenant for one request. Errors of the access policy (`AccessDeniedException`) come through unchanged. */
export function createDirectory({ client, tableName, deadline }: DirectoryOptions): Directory {
  const store = createStore(client, tableName, deadline);
  return {
    ...createUsers(store),
    ...createGroups(store),
    ...createListing(store),
  };
}
