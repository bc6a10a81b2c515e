/** What one request of the SCIM service cost in DynamoDB. */
export interface Cost {
  /** Requests to DynamoDB. */
  readonly requests: number;
  /** Capacity units: read units of reads, write units of writes. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Tells apart what each process of a function asks of DynamoDB: a process serves one request at a time. */
export interface Meter {
  /** The endpoint that a new process is to be given, and how to take what it has cost since the last time. */
  readonly open: (endpoint: string) => { readonly endpoint: string; readonly take: () => Cost };
  /** Charges the process that sent a request to this path. */
  readonly charge: (path: string, action: string, units: number) => void;
  /** Keeps the cost of an answered request; of the last ones only. */
  readonly keep: (requestId: string, cost: Cost) => void;
  /** By the id in the answer's `apigw-requestid`. */
  readonly costOf: (requestId: string) => Cost | undefined;
}

/** As many costs are kept; the oldest go first. */
const MOST_COSTS = 10_000;
const NOTHING: Cost = { requests: 0, readUnits: 0, writeUnits: 0 };
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
