import { z } from "zod";
import type { Access } from "../iam/policy.ts";
import { operation, readAs, ServiceError, type Operation } from "../json/operation.ts";
import { sizeOf, type NewMessage } from "./message.ts";

/** Bytes of a whole batch of messages. */
const BATCH_LIMIT = 1_048_576;

/** @throws ServiceError */
export function checkBatchSize(messages: readonly NewMessage[]): void {
  const size = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  if (size > BATCH_LIMIT)
    throw new ServiceError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${BATCH_LIMIT} bytes. You have sent ${size} bytes.`,
    );
}

/** An operation on up to ten entries, each of which succeeds or fails alone. */
export function batchOf<E extends z.ZodType, R extends z.ZodObject>(
  entrySchema: E,
  requestSchema: R,
  accesses: (request: z.infer<R>) => readonly Access[],
  perform: (request: z.infer<R>, entry: z.infer<E>) => object,
  check: (entries: readonly z.infer<E>[]) => void = () => undefined,
): Operation {
  const withEntries = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })) });
  return operation(
    z.unknown(),
    (body) => accesses(readAs(requestSchema, body)),
    (body, failsAlone) => {
      const request = readAs(requestSchema, body);
      const { Entries } = readAs(withEntries, body);
      checkEntries(Entries.map(({ Id }) => Id));
      const entries = Entries.map((entry) => readAs(entrySchema, entry));
      check(entries);
      const Successful: object[] = [];
      const Failed: object[] = [];
      for (const [index, { Id }] of Entries.entries()) {
        try {
          if (failsAlone(index)) throw new ServiceError("InternalError", "The entry failed.", 500);
          const entry = entries[index];
          if (entry !== undefined) Successful.push({ Id, ...perform(request, entry) });
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
        }
      }
      return { Successful, ...(Failed.length === 0 ? {} : { Failed }) };
    },
  );
}

function checkEntries(ids: readonly string[]): void {
  if (ids.length === 0)
    throw new ServiceError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (ids.length > 10)
    throw new ServiceError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  const wrong = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (wrong !== undefined)
    throw new ServiceError(
      "InvalidBatchEntryId",
      `A batch entry id can only contain alphanumeric characters, hyphens and underscores: ${wrong}`,
    );
  if (new Set(ids).size < ids.length) throw new ServiceError("BatchEntryIdsNotDistinct", "Id repeated.");
}
