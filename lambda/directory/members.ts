import type { CancellationReason, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { MemberPlan } from "./groups.ts";
import { N, S, numberOf, textOf, type moveNames } from "./items.ts";
import { keys, type Item } from "./keys.ts";
import type { Store } from "./store.ts";

/** Members that one transaction takes: three items each, beside the group and at most five for its names (AWS limit 100). */
export const MAX_SMALL_CHANGE = 31;

export interface GroupUpdate {
  /** The group's item as it was read. */
  readonly item: Item;
  /** The document, version and names to write. */
  readonly document: Item;
  readonly moved: ReturnType<typeof moveNames>;
  /** Whether the document is as it was. */
  readonly same: boolean;
  /** Whether the update depends on all that was read, so that any other change must refuse it. */
  readonly exact: boolean;
}

/** The names first, so that `moved.nameIndex` holds in the reasons of a refusal. */
export function groupItems(
  store: Store,
  update: GroupUpdate,
  epoch: number,
  more: { set?: string; condition: string; values?: Item },
): TransactWriteItem[] {
  const { item, document, moved, exact } = update;
  const externalId = document["xk"];
  return [
    ...moved.items,
    {
      Update: {
        TableName: store.table,
        Key: keys.resource("Group", textOf(item, "pk").slice(2)),
        UpdateExpression: [
          `SET v = v + :one, m = :m${update.same ? "" : ", doc = :doc, nk = :nk"}${externalId && !update.same ? ", xk = :xk" : ""}${more.set ?? ""}`,
          `REMOVE intent${externalId || update.same ? "" : ", xk"}`,
        ].join(" "),
        ConditionExpression: `attribute_not_exists(gone) AND e = :e AND ${more.condition}${exact ? " AND v = :v" : ""}`,
        ExpressionAttributeValues: {
          ":one": N(1),
          ":e": N(epoch),
          ":m": S(textOf(document, "m")),
          ...(update.same ? {} : { ":doc": S(textOf(document, "doc")), ":nk": S(textOf(document, "nk")) }),
          ...(externalId && !update.same ? { ":xk": externalId } : {}),
          ...(exact ? { ":v": N(numberOf(item, "v")) } : {}),
          ...more.values,
        },
      },
    },
  ];
}

/** Document and a few members in one transaction. Undefined when written, else why it was refused. */
export async function smallChange(
  store: Store,
  update: GroupUpdate,
  plan: MemberPlan | undefined,
): Promise<readonly CancellationReason[] | undefined> {
  const { table } = store;
  const groupId = textOf(update.item, "pk").slice(2);
  const epoch = numberOf(update.item, "e");
  const added = (plan?.add ?? []).flatMap((user): TransactWriteItem[] => [
    { Put: { TableName: table, Item: { ...keys.member(groupId, user), a: N(epoch) } } },
    { Put: { TableName: table, Item: { ...keys.membership(user, groupId), a: N(epoch) } } },
    {
      ConditionCheck: {
        TableName: table,
        Key: keys.resource("User", user),
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(deleting)",
      },
    },
  ]);
  const removed = (plan?.remove ?? []).flatMap((user): TransactWriteItem[] => [
    { Delete: { TableName: table, Key: keys.member(groupId, user) } },
    { Delete: { TableName: table, Key: keys.membership(user, groupId) } },
  ]);
  const group = groupItems(store, update, epoch, { condition: "attribute_not_exists(intent)" });
  return store.transact([...group, ...added, ...removed]);
}
