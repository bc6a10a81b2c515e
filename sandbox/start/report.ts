import type { WriteStream } from "node:tty";
import { painter, wantsColour } from "../../operations/verify/report.ts";

const FIRST_COLUMN = 34;
/** Milliseconds between two lines of progress where lines cannot be rewritten. */
const PACE_MS = 10_000;

/** Back to the start of the line, and clear it. */
const CLEAR = "\r\u001b[K";

export interface Report {
  readonly coloured: boolean;
  /** Runs one stage and prints its name with the time it took. */
  readonly stage: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Says how far the running stage is: on a terminal at once, elsewhere at most every ten seconds. */
  readonly progress: (text: string) => void;
  heading(text: string): void;
  line(text?: string): void;
  row(label: string, value: string): void;
  error(message: string): void;
  /** Prints a line at any moment, even while a stage runs. */
  trace(text: string): void;
}

/** Writes for people. It uses colour only on a terminal, and never if NO_COLOR is set. */
export function createReport(stream: WriteStream): Report {
  const coloured = wantsColour(stream);
  const paint = painter(coloured);
  const write = (text: string): void => void stream.write(`${text}\n`);
  let running = "";
  let name = "";
  let told = 0;
  return {
    coloured,
    async stage(stage, work) {
      const started = performance.now();
      name = stage;
      told = started;
      if (coloured) {
        running = `  ${paint("dim", "…")} ${stage}`;
        stream.write(running);
      }
      const end = (mark: string): void => {
        running = "";
        name = "";
        const seconds = `${((performance.now() - started) / 1000).toFixed(2)} s`;
        write(`${coloured ? CLEAR : ""}  ${mark} ${stage.padEnd(56)} ${paint("dim", seconds.padStart(8))}`);
      };
      try {
        const result = await work();
        end(paint("green", "✓"));
        return result;
      } catch (error) {
        end(paint("red", "✗"));
        throw error;
      }
    },
    progress: (text) => {
      if (name === "") return;
      if (coloured) {
        // A line that wraps cannot be cleared.
        const room = Math.max(0, stream.columns - name.length - 8);
        running = `  ${paint("dim", "…")} ${name}${paint("dim", `: ${text}`.slice(0, room))}`;
        stream.write(`${CLEAR}${running}`);
        return;
      }
      if (performance.now() - told < PACE_MS) return;
      told = performance.now();
      write(`  … ${name}: ${text}`);
    },
    heading: (text) => write(`\n${paint("bold", text)}`),
    line: (text = "") => write(text),
    row: (label, value) => write(`  ${label.padEnd(FIRST_COLUMN)} ${value}`),
    trace: (text) => stream.write(running === "" ? `${text}\n` : `${CLEAR}${text}\n${running}`),
    error: (message) => write(`\n${paint("red", "error:")} ${message}`),
  };
}
