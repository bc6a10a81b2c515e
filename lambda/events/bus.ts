import { eachOf } from "../directory/bounded.ts";
import { pause, retrying } from "../directory/retry.ts";
import type { Deadline } from "../model.ts";
import { eventUris } from "../scim/eventUris.ts";
import { own } from "../scim/values/json.ts";
import { documentOf, EntryError, listIn, UnexpectedAnswerError, type AwsCall } from "./awsCall.ts";
import { batches } from "./batches.ts";
import type { Claims } from "./set.ts";

/** Entries and bytes of one PutEvents (256 kB with the names of each entry). */
const LIMITS = { count: 10, bytes: 240_000 };
/** Codes of failed entries that may succeed a moment later (API reference, "PutEventsResultEntry"). */
const passing = new Set(["InternalFailure", "InternalException", "ThrottlingException"]);

export interface Bus {
  readonly name: string;
  /** The `Source` of the entries. */
  readonly source: string;
}

/** Puts one entry a SET on the event bus: its claims, without a signature. @throws EntryError, BusyError */
export async function putEvents(call: AwsCall, bus: Bus, all: readonly Claims[], deadline: Deadline): Promise<void> {
  const entries = all.map((claims) => ({
    EventBusName: bus.name,
    Source: bus.source,
    DetailType: detailTypeOf(claims),
    Detail: JSON.stringify(claims),
  }));
  await eachOf(
    batches(entries, LIMITS, ({ Detail }) => Buffer.byteLength(Detail)),
    async (batch) => {
      let pending = batch;
      for (let attempt = 0; pending.length > 0; attempt += 1) {
        if (attempt > 0) await pause(attempt, deadline);
        const input = { Entries: pending };
        const results = listIn(documentOf(await retrying(deadline, () => call("PutEvents", input))), "Entries");
        if (results.length !== pending.length)
          throw new UnexpectedAnswerError(`PutEvents answered ${results.length} of ${pending.length} entries`);
        pending = pending.filter((_, at) => {
          const code = results[at] && own(results[at], "ErrorCode");
          if (typeof code === "string" && !passing.has(code))
            throw new EntryError(code, `the event bus refuses an event: ${code}`);
          return code !== undefined && code !== null;
        });
      }
    },
  );
}

/**
 * `prov:create`, `prov:patch`, `prov:put`, `prov:delete`; `prov:deactivate` or `prov:activate` if the SET has such an event,
 * because a rule cannot match the name of an event that has no payload.
 */
export function detailTypeOf({ events }: Claims): string {
  const uris = Object.keys(events);
  const uri = uris.find((one) => one === eventUris.deactivate || one === eventUris.activate) ?? uris[0] ?? "";
  return /prov:[a-z]+/.exec(uri)?.[0] ?? "";
}
