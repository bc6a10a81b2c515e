import { createDraw, type Draw, type FreedomOptions } from "./dynamodb/faults/freedoms.ts";
import type { EventFreedoms } from "./eventServices.ts";
import type { ServiceFault } from "./json/faults.ts";

/** Milliseconds. */
const LATEST_RECORD = 2_000;
const LATEST_ANSWER = 500;

/** The faults of a request, drawn with the same frequency. */
const faults: readonly ((draw: Draw) => ServiceFault)[] = [
  () => "throttle",
  () => "cut",
  () => "lost",
  (draw) => ({ delayMs: draw() * LATEST_ANSWER }),
  (draw) => ({ status: 503, done: draw() < 0.5 }),
];

/** Draws the freedoms of streams, mappings and the services for events by a seed, for the kinds that are named. */
export function seededEventFreedoms({ seed, rate, kinds }: FreedomOptions): EventFreedoms {
  const draw = createDraw(seed);
  const happens = (kind: (typeof kinds)[number]): boolean => kinds.includes(kind) && draw() < rate;
  return {
    streams: {
      splits: () => happens("split-shards"),
      lateMs: () => (happens("late-records") ? draw() * LATEST_RECORD : 0),
    },
    mappings: { repeats: () => happens("repeated-batches") },
    services: () => {
      if (happens("failed-entries")) return { failsAlone: () => draw() < 0.5 };
      if (!happens("service-faults")) return "pass";
      return faults[Math.floor(draw() * faults.length)]?.(draw) ?? "pass";
    },
  };
}
