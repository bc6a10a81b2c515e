import type { Part, Parts } from "./samples.ts";

export interface Order {
  readonly part: Part;
  readonly times: number;
}
/** Microseconds of processor time per call. */
export interface Result {
  readonly micros: number;
  readonly outcome: number;
}

/** Makes this process a contender, which answers each order over IPC with a result. */
export function serve(parts: Parts): void {
  const run = async ({ part, times }: Order): Promise<Result> => {
    const work = parts[part];
    let outcome = 0;
    const before = process.cpuUsage();
    for (let at = 0; at < times; at += 1) outcome = await work();
    const { user, system } = process.cpuUsage(before);
    return { micros: (user + system) / times, outcome };
  };
  process.on("message", (order: Order) => void run(order).then((result) => process.send?.(result)));
  process.on("disconnect", () => process.exit(0));
}
