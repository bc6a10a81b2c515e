import { z } from "zod";
import { isRecord } from "../../../operations/live/isRecord.ts";
import { operation, ServiceError, type JsonService } from "../json/operation.ts";
import { DEFAULT_BUS, type Buses } from "./buses.ts";

/** Bytes of a whole PutEvents request, as AWS counts them. */
const REQUEST_LIMIT = 256 * 1024;

const entry = z.looseObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  Time: z.number().optional(),
});
type Entry = z.infer<typeof entry>;

const sizeOf = ({ Source, DetailType, Detail, Resources, Time }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), 0) +
  (Time === undefined ? 0 : 14);

/** EventBridge: PutEvents, whose entries fail one by one. */
export function eventBridgeApi(buses: Buses): JsonService {
  const request = z.looseObject({ Entries: z.array(entry).min(1).max(10) });
  const busOf = ({ EventBusName = DEFAULT_BUS }: Entry): string => EventBusName.split("/").at(-1) ?? "";
  return {
    target: "AWSEvents",
    prefix: "events",
    throttled: "ThrottlingException",
    operations: {
      PutEvents: operation(
        request,
        ({ Entries }) =>
          [...new Set(Entries.map(busOf))].map((bus) => ({ action: "events:PutEvents", resource: buses.arnOf(bus) })),
        ({ Entries }, failsAlone) => {
          if (Entries.reduce((sum, each) => sum + sizeOf(each), 0) > REQUEST_LIMIT)
            throw new ServiceError(
              "ValidationException",
              "Total size of the entries in the request is over the limit.",
            );
          const answered = Entries.map((each, index) => {
            if (failsAlone(index)) return { ErrorCode: "InternalFailure", ErrorMessage: "The entry failed." };
            return putEvent(buses, busOf(each), each);
          });
          return { Entries: answered, FailedEntryCount: answered.filter((each) => "ErrorCode" in each).length };
        },
      ),
    },
  };
}

function putEvent(buses: Buses, bus: string, { Source = "", DetailType = "", Detail = "", Resources }: Entry): object {
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => value === "")?.[0];
  if (missing !== undefined)
    return {
      ErrorCode: "InvalidArgument",
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  if (Source.startsWith("aws."))
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  if (!buses.has(bus))
    return { ErrorCode: "ResourceNotFoundException", ErrorMessage: `Event bus ${bus} does not exist.` };
  const detail = parsed(Detail);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return { EventId: buses.accept(bus, { source: Source, "detail-type": DetailType, detail, resources: Resources }) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
