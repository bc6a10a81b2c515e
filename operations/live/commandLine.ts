import process from "node:process";
import { parseArgs, type ParseArgsConfig } from "node:util";

/** The command does not have the option, or its options make no sense together. The usage follows the message. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

interface Command<O extends Options> {
  /** Printed for `--help`, and after the message of a wrong option. */
  readonly usage: string;
  readonly options: O;
  readonly positionals?: boolean;
  /** Exit code of an error that is not about usage. Default: 1. */
  readonly failure?: number;
}

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: boolean; strict: true }>>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Runs a command of this project: reads its options, answers `--help`, prints errors without a stack trace and sets the
 * exit code (2 for a wrong option). The work loads its own modules, so that the usage appears at once.
 * @param work returns the exit code
 */
export async function runCommand<O extends Options>(
  { usage, options, positionals = false, failure = 1 }: Command<O>,
  work: (parsed: Parsed<O>) => Promise<number>,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  try {
    process.exitCode = await work(parse(args, options, positionals));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(isUsage ? `error: ${error.message}\n\n${usage}\n` : `error: ${messageOf(error)}\n`);
    process.exitCode = isUsage ? 2 : failure;
  }
}

function parse<O extends Options>(args: string[], options: O, allowPositionals: boolean): Parsed<O> {
  try {
    return parseArgs({ args, options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(optionProblem(error), { cause: error });
  }
}

/** What is wrong with the options, from an error of `parseArgs`: in the words of this project where a value is missing. */
export function optionProblem(error: unknown): string {
  const message = messageOf(error);
  const [, option] = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument (?:is ambiguous|missing)/.exec(message) ?? [];
  return option === undefined ? message : `${option} takes a value; one that starts with - is written ${option}=VALUE`;
}

/** @throws UsageError if the option is missing */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new UsageError(`${option} is required`);
  return value;
}

/** @throws UsageError if the text is not a whole number of at least `least` */
export function wholeNumber(text: string, option: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`${option} takes a whole number of at least ${least}`);
  return value;
}

/** Prints a line for people on stderr, apart from the command's result on stdout. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Prints a line of the command's result on stdout. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);
