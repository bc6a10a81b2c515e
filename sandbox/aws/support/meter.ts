/** The cost of one request of the SCIM service in DynamoDB. */
export interface Cost {
  /** Requests to DynamoDB. */
  readonly requests: number;
  /** Capacity units: read units of reads, write units of writes. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

export const addCosts = (a: Cost, b: Cost): Cost => ({
  requests: a.requests + b.requests,
  readUnits: a.readUnits + b.readUnits,
  writeUnits: a.writeUnits + b.writeUnits,
});

/** Attributes DynamoDB requests to the process of a function that sent them. A process serves one request at a time. */
export interface Meter {
  /** The endpoint for a new process, and a function that returns the process's cost since its last call. */
  readonly open: (endpoint: string) => { readonly endpoint: string; readonly take: () => Cost };
  /** Charges the process that sent a request to this path. */
  readonly charge: (path: string, action: string, units: number) => void;
  /** Keeps the cost of an answered request; only the last ones are kept. */
  readonly keep: (requestId: string, cost: Cost) => void;
  /** By the id in the answer's `apigw-requestid`. */
  readonly costOf: (requestId: string) => Cost | undefined;
}

/** The number of costs that are kept; the oldest are dropped first. */
const MOST_COSTS = 10_000;
export const NOTHING: Cost = { requests: 0, readUnits: 0, writeUnits: 0 };
const READS = /^(?:BatchGetItem|GetItem|Query|Scan|TransactGetItems)$/;

export function createMeter(): Meter {
  const running = new Map<string, Cost>();
  const kept = new Map<string, Cost>();
  let processes = 0;
  return {
    open: (endpoint) => {
      processes += 1;
      const path = `/${processes}`;
      const take = (): Cost => {
        const cost = running.get(path) ?? NOTHING;
        running.delete(path);
        return cost;
      };
      return { endpoint: `${endpoint}${path}`, take };
    },
    charge: (path, action, units) => {
      const key = path.replace(/\/+$/, "");
      const { requests, readUnits, writeUnits } = running.get(key) ?? NOTHING;
      const reads = READS.test(action);
      running.set(key, {
        requests: requests + 1,
        readUnits: readUnits + (reads ? units : 0),
        writeUnits: writeUnits + (reads ? 0 : units),
      });
    },
    keep: (requestId, cost) => {
      kept.set(requestId, cost);
      if (kept.size <= MOST_COSTS) return;
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        return;
      }
    },
    costOf: (requestId) => kept.get(requestId),
  };
}
