import { eachOf } from "../directory/bounded.ts";
import { pause, retrying } from "../directory/retry.ts";
import type { Deadline, JsonObject } from "../model.ts";
import { own } from "../scim/values/json.ts";
import { documentOf, EntryError, listIn, textIn, type AwsCall } from "./awsCall.ts";
import { batches } from "./batches.ts";

/** A SET for the queue of the receivers of push. */
export interface QueueEntry {
  /** `<feed>/<resource id>`: the queue keeps the order within a group. */
  readonly group: string;
  readonly jti: string;
  /** The compact JWS. */
  readonly set: string;
}

/** Entries and bytes of one SendMessageBatch. SQS takes 1 MiB; the queue of an older account 256 KiB. */
const LIMITS = { count: 10, bytes: 250_000 };
/** Seconds for which SQS can hide a message (12 hours), less the time that this function has had it. */
const LONGEST_HIDDEN = 43_000;

/** The group of a receiver and a resource, at most 128 characters. */
export const queueGroup = (feed: string, resourceId: string): string => `${feed}/${resourceId}`;
export const feedOfGroup = (group: string): string => group.slice(0, group.lastIndexOf("/"));

/** Sends all entries, in no order. Safe to repeat within 5 minutes: SQS drops what it has. @throws EntryError, BusyError */
export async function sendMessages(
  call: AwsCall,
  queueUrl: string,
  entries: readonly QueueEntry[],
  deadline: Deadline,
): Promise<void> {
  await eachOf(
    batches(entries, LIMITS, ({ set }) => set.length),
    async (batch) => {
      let pending = batch;
      for (let attempt = 0; pending.length > 0; attempt += 1) {
        if (attempt > 0) await pause(attempt, deadline);
        const input = { QueueUrl: queueUrl, Entries: pending.map(messageOf) };
        const failed = listIn(documentOf(await retrying(deadline, () => call("SendMessageBatch", input))), "Failed");
        for (const failure of failed) checkOwnFault(failure);
        const ids = new Set(failed.map((failure) => textIn(failure, "Id")));
        pending = pending.filter((_, at) => ids.has(String(at)));
      }
    },
  );
}

const messageOf = ({ group, jti, set }: QueueEntry, at: number): object => ({
  Id: String(at),
  MessageBody: set,
  MessageGroupId: group,
  MessageDeduplicationId: jti,
});

function checkOwnFault(failure: JsonObject): void {
  if (own(failure, "SenderFault") !== true) return;
  const code = textIn(failure, "Code");
  throw new EntryError(code, `the queue refuses an event: ${code}`);
}

/** Hides a message from the queue's readers for some seconds. */
export async function hideMessage(
  call: AwsCall,
  queueUrl: string,
  message: { readonly receiptHandle: string; readonly seconds: number },
  deadline: Deadline,
): Promise<void> {
  const input = {
    QueueUrl: queueUrl,
    ReceiptHandle: message.receiptHandle,
    VisibilityTimeout: Math.min(LONGEST_HIDDEN, message.seconds),
  };
  await retrying(deadline, () => call("ChangeMessageVisibility", input));
}
