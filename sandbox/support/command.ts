import process from "node:process";
import { messageOf } from "./errors.ts";

interface Command<O> {
  readonly usage: string;
  /** @throws Error whose message says which option is wrong and what is allowed */
  readonly parse: (args: readonly string[]) => O | "help";
  /** Loads its modules itself, so that the usage appears at once. @returns the exit code */
  readonly run: (options: O) => Promise<number>;
}

/** Runs a command with the options of this process: answers `--help`, and a wrong option with exit code 2. */
export async function runCommand<O>({ usage, parse, run }: Command<O>): Promise<number> {
  let options: O | "help";
  try {
    options = parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n\n${usage}\n`);
    return 2;
  }
  if (options !== "help") return run(options);
  process.stdout.write(`${usage}\n`);
  return 0;
}
