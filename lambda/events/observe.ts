import { feedOf, type EventReceiver } from "../contract.ts";
import type { Store } from "../directory/store.ts";
import { backlogOf } from "./feed.ts";
import type { ReceiverMetric } from "./log.ts";

/** Measures what waits for each receiver that polls. The queue has metrics of its own. */
export async function observe(store: Store, receivers: readonly EventReceiver[]): Promise<ReceiverMetric[][]> {
  const polling = receivers.filter(({ delivery }) => delivery === "poll");
  const measured: ReceiverMetric[][] = [];
  for (const one of polling) {
    const receiver = one.name;
    const { count, since } = await backlogOf(store, feedOf(one));
    const age = since === undefined ? 0 : Math.max(0, Math.round((Date.now() - since) / 1_000));
    measured.push([
      { name: "EventBacklogAge", receiver, value: age },
      { name: "EventBacklog", receiver, value: count },
    ]);
  }
  return measured;
}
