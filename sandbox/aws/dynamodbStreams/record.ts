import { createHash } from "node:crypto";
import { z } from "zod";
import { isRecord } from "../../../operations/live/isRecord.ts";

const image = z.record(z.string(), z.unknown());

/** A record as the engine's stream gives it. */
export const engineRecord = z.looseObject({
  eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
  userIdentity: z.unknown().optional(),
  dynamodb: z.looseObject({
    ApproximateCreationDateTime: z.number().optional(),
    Keys: image,
    NewImage: image.optional(),
    OldImage: image.optional(),
    SizeBytes: z.number().optional(),
    StreamViewType: z.string().optional(),
  }),
});
export type EngineRecord = z.infer<typeof engineRecord>;

/** A record of a shard, as GetRecords and the events of functions have it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: "1.1";
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: EngineRecord["dynamodb"] & { readonly SequenceNumber: string };
}

/** AWS writes no record for a write that changed nothing; the engine does. */
export function isChange({ eventName, dynamodb: { NewImage, OldImage } }: EngineRecord): boolean {
  return (
    eventName !== "MODIFY" ||
    NewImage === undefined ||
    OldImage === undefined ||
    canonical(NewImage) !== canonical(OldImage)
  );
}

/** The place of a partition key among the shards: the first 32 bits of its hash. */
export function placeOf({ dynamodb: { Keys } }: EngineRecord, partitionKey: string): number {
  return createHash("md5").update(JSON.stringify(Keys[partitionKey])).digest().readUInt32BE(0);
}

const SETS = new Set(["SS", "NS", "BS"]);

/** JSON text in which neither the order of keys nor of a set's elements counts. */
function canonical(value: unknown, key = ""): string {
  if (Array.isArray(value)) {
    const parts = value.map((part) => canonical(part));
    return `[${(SETS.has(key) ? parts.sort() : parts).join()}]`;
  }
  if (!isRecord(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((name) => `${JSON.stringify(name)}:${canonical(value[name], name)}`).join()}}`;
}
