import { spawn, type ChildProcess } from "node:child_process";
import process from "node:process";
import { StringDecoder } from "node:string_decoder";
import { ROOT } from "../live/stackFile.ts";

/** The longest line that is kept, in characters. The rest of a longer one is dropped. */
const MOST_OF_LINE = 1_000_000;
/** The end of stderr that is kept, in characters: the reason of a failure stands there. */
const MOST_OF_STDERR = 16_000;

export interface Ended {
  /** Exit code; null if a signal ended the process. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what the process wrote to stderr. */
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

/**
 * Runs a command in the project's folder. Its output is never held as a whole: stdout is read line by line, or not at
 * all, and of stderr the end is kept.
 * @param onLine receives each line of stdout, cut to `MOST_OF_LINE`
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly onLine?: (line: string) => void } = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", options.onLine === undefined ? "ignore" : "pipe", "pipe"],
    // Ctrl-C in a terminal reaches the whole group. Pulumi takes a second signal as "stop at once", so each is sent once.
    detached: true,
    windowsHide: true,
  });
  running.add(child);
  const lines = options.onLine === undefined ? undefined : lineReader(options.onLine);
  child.stdout?.on("data", (chunk: Buffer) => lines?.write(chunk));
  const decoder = new StringDecoder("utf8");
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + decoder.write(chunk)).slice(-MOST_OF_STDERR)));
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        lines?.end();
        resolve({ code, signal, stderr });
      });
    });
  } finally {
    running.delete(child);
  }
}

/**
 * From now on each signal that should end this process goes to every process of `runChild` as SIGINT: Pulumi then cancels
 * its update, and at the second one ends at once.
 * @param onSignal called before that
 * @returns ends it
 */
export function passSignals(onSignal: () => void = () => undefined): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const listener = (): void => {
    onSignal();
    for (const child of running) child.kill("SIGINT");
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Splits bytes into lines of at most `MOST_OF_LINE` characters. */
export function lineReader(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const add = (text: string): void => {
    const [first = "", ...more] = text.split("\n");
    rest += first.slice(0, MOST_OF_LINE - rest.length);
    for (const next of more) {
      onLine(rest);
      rest = next.slice(0, MOST_OF_LINE);
    }
  };
  return {
    write: (chunk) => add(decoder.write(chunk)),
    end: () => {
      add(decoder.end());
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
