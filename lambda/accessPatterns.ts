type Action =
  | "GetItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem"
  | "Query"
  | "BatchGetItem"
  | "BatchWriteItem";

interface AccessPattern {
  readonly operation: string;
  /** In the order in which they are sent. A transaction is one request and needs the actions of its items. */
  readonly requests: string;
  readonly actions: readonly Action[];
  /** Capacity units without contention, for items of up to 1 kB to write and 4 kB to read. */
  readonly cost: string;
  readonly contention: string;
}

const transaction = ["PutItem", "UpdateItem", "DeleteItem"] as const;
const retried = "conflicts and throttling are retried with jitter until the deadline, then 429";

/** Every way in which the directory uses its table. All reads are strongly consistent. */
export const accessPatterns: readonly AccessPattern[] = [
  { operation: "GET user", requests: "1 get", actions: ["GetItem"], cost: "1 read", contention: "none" },
  {
    operation: "GET user with groups",
    requests:
      "2 + 2m/100: query of the user's partition, batch get of groups, both again at once; 3 with one group, 2 with none",
    actions: ["Query", "BatchGetItem"],
    cost: "2 reads for about 40 memberships, 2 a group",
    contention: "a read that a change of the user's groups overtakes is repeated, 12 times at most",
  },
  { operation: "find user by userName", requests: "2 gets", actions: ["GetItem"], cost: "2 reads", contention: "none" },
  {
    operation: "find by externalId",
    requests: "query, batch get",
    actions: ["Query", "BatchGetItem"],
    cost: "2 reads",
    contention: "none",
  },
  {
    operation: "POST user",
    requests: "1 transaction of user, name, externalId, listing, counter",
    actions: transaction,
    cost: "10 writes",
    contention: `one of two with one userName gets 409; ${retried}`,
  },
  {
    operation: "PUT or PATCH user",
    requests: "get, put; a transaction where a name changes",
    actions: ["GetItem", ...transaction],
    cost: "1 read, 1 write (up to 10 with names)",
    contention: "the loser of two reads and changes again",
  },
  {
    operation: "DELETE user",
    requests:
      "get, transaction that commits, query of memberships, batch get of their groups and a transaction for 33 of them, query, transaction that finishes, get of unfinished deletions",
    actions: ["GetItem", "Query", "BatchGetItem", ...transaction],
    cost: "2 reads and 18 writes, 6 writes a membership",
    contention: retried,
  },
  {
    operation: "GET group",
    requests:
      "2 + n/12,000: query of the group's partition, a reading transaction of the group and of the unfinished deletions, without which a deleted user might show",
    actions: ["Query", "GetItem"],
    cost: "1 read for about 40 members, 4 for the transaction",
    contention: "a read that a change overtakes is repeated, 12 times at most",
  },
  {
    operation: "find group by displayName",
    requests: "2 gets",
    actions: ["GetItem"],
    cost: "2 reads",
    contention: "none",
  },
  {
    operation: "rename group",
    requests: "get, transaction of group and both names",
    actions: ["GetItem", ...transaction],
    cost: "1 read, 6 writes",
    contention: retried,
  },
  {
    operation: "PATCH that adds up to 31 members or removes up to 47",
    requests: "2 + k/100: get, batch get of the edges named, transaction of group, edges and checks of the users added",
    actions: ["GetItem", "BatchGetItem", ...transaction, "ConditionCheckItem"],
    cost: "1 read a member, 2 writes, 6 an addition, 4 a removal",
    contention:
      "adds and removes of others are kept: no version is compared, unless it names members that are there already or not there; of two that name the same member the loser reads again",
  },
  {
    operation: "PATCH of more members",
    requests:
      "5 + k/49 + k/100 (twice): get, batch get of edges, count of deletions, batch get of users, intent, transactions of 49 edges, count of deletions, commit",
    actions: ["GetItem", "BatchGetItem", "UpdateItem", ...transaction],
    cost: "2 reads a member, 4 writes an addition, 8 a removal",
    contention:
      "one at a time, at most 450 edges a second; small changes wait for the lease, and are made beside an intent that is parked or whose lease ran out; large ones take it over",
  },
  {
    operation: "PUT group of n members, d of them changed",
    requests:
      "as the PATCH of d members, with a query of all edges (n/12,000) in place of the batch get; where d fits one transaction also a get of unfinished deletions, whose users the answer leaves out; a retry batch gets only the users of edges that are not written",
    actions: ["GetItem", "Query", "BatchGetItem", "UpdateItem", "BatchWriteItem", ...transaction, "ConditionCheckItem"],
    cost: "1 read for about 40 members, writes as the PATCH of d members",
    contention: "the loser of two reads and compares again",
  },
  {
    operation: "DELETE group",
    requests:
      "get, transaction that commits, query and batch writes of edges, transaction that finishes, get of unfinished deletions",
    actions: ["GetItem", "Query", "BatchWriteItem", ...transaction],
    cost: "2 reads and 18 writes, 2 writes a member",
    contention: retried,
  },
  {
    operation: "find groups by member",
    requests:
      "2 + 2m/100 as GET user with groups, and GET group for each group whose members are shown; all of it again where changes overtake it, and once more for a filter of several users",
    actions: ["Query", "BatchGetItem", "GetItem"],
    cost: "as these reads",
    contention: "a list that changes overtake is read again, 12 times at most",
  },
  {
    operation: "page",
    requests: "3: query of counters, query of the listing, batch get",
    actions: ["Query", "BatchGetItem"],
    cost: "2 reads for counters, 1 a resource",
    contention: "none",
  },
];

/** The exact IAM actions of the function on its table. */
export const requiredActions: readonly string[] = [
  ...new Set(accessPatterns.flatMap(({ actions }) => actions.map((action) => `dynamodb:${action}`))),
].sort();
