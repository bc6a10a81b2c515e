import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { functionNameOf } from "../lambda/permissions.ts";
import type { Place } from "../support/place.ts";
import { parsePattern } from "../support/pattern.ts";
import { readInputs } from "../support/read.ts";
import type { EventSources } from "./eventSources.ts";
import type { Mapping } from "./mapping.ts";

const number = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

const inputsSchema = z.looseObject({
  eventSourceArn: z.string(),
  functionName: z.string(),
  enabled: z.boolean().default(true),
  batchSize: number(1, 10_000).optional(),
  maximumBatchingWindowInSeconds: number(0, 300).default(0),
  startingPosition: z.enum(["TRIM_HORIZON", "LATEST"]).optional(),
  bisectBatchOnFunctionError: z.boolean().default(false),
  functionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  parallelizationFactor: z.literal(1, { error: "the sandbox reads a shard with one batch at a time" }).default(1),
  maximumRetryAttempts: number(-1, 10_000).default(-1),
  maximumRecordAgeInSeconds: z.union([z.literal(-1), number(60, 604_800)]).default(-1),
  destinationConfig: z.object({ onFailure: z.object({ destinationArn: z.string() }).optional() }).optional(),
  filterCriteria: z
    .object({
      filters: z
        .array(z.object({ pattern: z.string() }))
        .max(5)
        .optional(),
    })
    .optional(),
  scalingConfig: z.object({ maximumConcurrency: number(2, 1000).optional() }).optional(),
});

/** Pollers that Lambda starts with, if the mapping sets no limit. */
const POLLERS = 5;
/** More pollers than this have no use on one machine. */
const MOST_POLLERS = 10;

/** Event source mappings of functions: streams of tables, and queues. */
export function eventSourceResources(place: Place, sources: EventSources): Record<string, ResourceHandler> {
  return { "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping(place, sources) };
}

function eventSourceMapping({ account, region }: Place, sources: EventSources): ResourceHandler {
  const put = async (id: string, inputs: Properties): Promise<Properties> => {
    const mapping = mappingOf(inputs);
    await sources.put(id, mapping);
    return {
      ...inputs,
      uuid: id,
      arn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${id}`,
      functionArn: `arn:aws:lambda:${region}:${account}:function:${mapping.functionName}`,
      lastModified: new Date().toISOString(),
      lastProcessingResult: "No records processed",
      state: mapping.isEnabled ? "Enabled" : "Disabled",
      stateTransitionReason: "User action",
    };
  };
  return {
    computed: [
      ...["uuid", "arn", "functionArn", "lastModified", "lastProcessingResult", "state", "stateTransitionReason"],
    ],
    replaces: ["eventSourceArn", "startingPosition", "startingPositionTimestamp"],
    async create(inputs) {
      const id = randomUUID();
      return { id, outputs: await put(id, inputs) };
    },
    read: async (id, state) => (sources.has(id) ? state : undefined),
    update: (id, _state, inputs) => put(id, inputs),
    delete: (id) => sources.remove(id),
  };
}

function mappingOf(inputs: Properties): Mapping {
  const declared = readInputs(inputsSchema, inputs);
  const isQueue = declared.eventSourceArn.startsWith("arn:aws:sqs:");
  const { scalingConfig, filterCriteria, destinationConfig } = declared;
  return {
    sourceArn: declared.eventSourceArn,
    functionName: functionNameOf(declared.functionName),
    isEnabled: declared.enabled,
    batchSize: declared.batchSize ?? (isQueue ? 10 : 100),
    batchingWindow: declared.maximumBatchingWindowInSeconds,
    filters: (filterCriteria?.filters ?? []).map(({ pattern }) => parsePattern(pattern)),
    reportsFailures: declared.functionResponseTypes.length > 0,
    startingPosition: declared.startingPosition,
    bisects: declared.bisectBatchOnFunctionError,
    retries: declared.maximumRetryAttempts,
    maximumAge: declared.maximumRecordAgeInSeconds,
    onFailure: destinationConfig?.onFailure?.destinationArn,
    concurrency: Math.min(scalingConfig?.maximumConcurrency ?? POLLERS, MOST_POLLERS),
  };
}
