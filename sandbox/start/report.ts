import type { WriteStream } from "node:tty";
import { painter, wantsColour } from "../../operations/verify/report.ts";

const FIRST_COLUMN = 34;

export interface Report {
  readonly coloured: boolean;
  /** Runs one stage and prints its name with the time it took. */
  readonly stage: <T>(name: string, work: () => Promise<T>) => Promise<T>;
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
  return {
    coloured,
    async stage(name, work) {
      const started = performance.now();
      if (coloured) {
        running = `  ${paint("dim", "…")} ${name}`;
        stream.write(running);
      }
      const end = (mark: string): void => {
        running = "";
        const seconds = `${((performance.now() - started) / 1000).toFixed(2)} s`;
        write(`${coloured ? "\r" : ""}  ${mark} ${name.padEnd(56)} ${paint("dim", seconds.padStart(8))}`);
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
    heading: (text) => write(`\n${paint("bold", text)}`),
    line: (text = "") => write(text),
    row: (label, value) => write(`  ${label.padEnd(FIRST_COLUMN)} ${value}`),
    trace: (text) => stream.write(running === "" ? `${text}\n` : `\r\u001b[K${text}\n${running}`),
    error: (message) => write(`\n${paint("red", "error:")} ${message}`),
  };
}
