import { startTenant } from "../sandbox/tenant/tenant.ts";
import { median } from "./measure/measure.ts";
import { row, type Row } from "./measure/rows.ts";

const TURNS = 7;
const WARM_UP = 1;

/**
 * A whole evaluation of `index.ts`, including its start in Pulumi's own runtime, for a tenant with few or many push
 * groups.
 */
export async function benchProgram(progress: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of [1, 60]) {
    progress(`evaluation of the program, ${size} push groups`);
    const names = Array.from({ length: size }, (_, at) => ({ name: `Bench ${at + 1}`, create: true }));
    const config = new Map([["pushGroups", JSON.stringify(names)]]);
    const tenant = await startTenant({ stack: "dev", config, port: 0 });
    try {
      const times: number[] = [];
      for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
        const started = performance.now();
        await tenant.engine.preview(tenant.config);
        if (turn >= WARM_UP) times.push(performance.now() - started);
      }
      rows.push(row({ name: "evaluation of the program, push groups", size, unit: "ms p50", ours: median(times) }));
    } finally {
      await tenant.close();
    }
  }
  return rows;
}
