import process from "node:process";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { optionProblem } from "../../operations/live/commandLine.ts";
import { messageOf } from "./errors.ts";

/**
 * Reads options as `parseArgs` does.
 * @throws Error in the words of this project for an option without its value
 */
export function readOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Error(optionProblem(error), { cause: error });
  }
}

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
