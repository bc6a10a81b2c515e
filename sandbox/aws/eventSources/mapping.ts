import type { Invocation } from "../lambda/functionPool.ts";
import type { Access } from "../iam/policy.ts";
import type { Pattern } from "../support/pattern.ts";

/** An event source mapping as the program declares it. Times in seconds. */
export interface Mapping {
  readonly sourceArn: string;
  readonly functionName: string;
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly batchingWindow: number;
  /** Empty: every record. */
  readonly filters: readonly Pattern[];
  readonly reportsFailures: boolean;
  readonly startingPosition: "TRIM_HORIZON" | "LATEST" | undefined;
  readonly bisects: boolean;
  /** -1: until the record expires. */
  readonly retries: number;
  /** -1: as long as the stream keeps it. */
  readonly maximumAge: number;
  /** ARN of a queue that is told of discarded batches. */
  readonly onFailure: string | undefined;
  /** Pollers of a queue at the same time. */
  readonly concurrency: number;
}

/** The freedoms that Lambda takes with a mapping. */
export interface MappingFreedoms {
  /** Whether a batch that succeeded is delivered again. */
  readonly repeats: () => boolean;
}

/** The inputs of the runner of a mapping. */
export interface Runtime {
  readonly mapping: Mapping;
  readonly region: string;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly invoke: (event: object) => Promise<Invocation>;
  /** Whether the function's role allows this; a refusal is reported. */
  readonly may: (accesses: readonly Access[]) => boolean;
  readonly freedoms: () => MappingFreedoms | undefined;
}

/** Milliseconds after which a mapping without permission asks again. */
export const DENIED_MS = 1_000;

/**
 * The identifiers that a function reports as failed.
 * @param known identifiers of the batch
 * @returns undefined if the whole batch failed: an error, a timeout, or a response that Lambda does not accept
 */
export function failuresOf(
  { mapping }: Runtime,
  invocation: Invocation,
  known: readonly string[],
): readonly string[] | undefined {
  if (invocation.kind !== "answer") return undefined;
  if (!mapping.reportsFailures) return [];
  const answer: unknown = JSON.parse(invocation.payload);
  if (answer === null || typeof answer !== "object" || !("batchItemFailures" in answer)) return [];
  const { batchItemFailures } = answer;
  if (batchItemFailures === null) return [];
  if (!Array.isArray(batchItemFailures)) return undefined;
  const failed = batchItemFailures.map((one: unknown) =>
    one !== null && typeof one === "object" && "itemIdentifier" in one ? one.itemIdentifier : undefined,
  );
  const named = failed.filter((id): id is string => typeof id === "string" && known.includes(id));
  return named.length === failed.length ? named : undefined;
}
