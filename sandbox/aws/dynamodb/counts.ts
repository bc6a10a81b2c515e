/** The functions' requests to DynamoDB with one operation. */
export interface ActionCount {
  /** Requests that reached the guard, including denied and faulted ones. */
  requests: number;
  denied: number;
  faulted: number;
  /** Requests that the limit of a partition key throttled, wholly or in part. */
  throttled: number;
  /** Requests that were done after their client had given up or ended. */
  late: number;
  /**
   * Capacity units that the engine reported: read units of reads, write units of writes. The engine reports none for a
   * request that failed, although AWS charges failed conditions.
   */
  capacityUnits: number;
}

/** The count of an operation, created at its first request. */
export function countOf(counts: Map<string, ActionCount>, action: string): ActionCount {
  const known = counts.get(action);
  if (known !== undefined) return known;
  const fresh = { requests: 0, denied: 0, faulted: 0, throttled: 0, late: 0, capacityUnits: 0 };
  counts.set(action, fresh);
  return fresh;
}

/** Sum of the capacity units in an answer's `ConsumedCapacity`. */
export function unitsIn(consumed: unknown): number {
  if (Array.isArray(consumed)) return consumed.reduce<number>((sum, part) => sum + unitsIn(part), 0);
  const isUnits = consumed !== null && typeof consumed === "object" && "CapacityUnits" in consumed;
  return isUnits && typeof consumed.CapacityUnits === "number" ? consumed.CapacityUnits : 0;
}
