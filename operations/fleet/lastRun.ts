import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { isMissing } from "../live/isMissing.ts";
import { StackError } from "../live/stackError.ts";
import type { Command } from "./command.ts";

/** A stack that a run selected is `pending` until it ends, so that a run that was killed leaves it pending. */
type State = "succeeded" | "failed" | "pending";

const content = z.object({ stacks: z.record(z.string(), z.enum(["succeeded", "failed", "pending"])) });

/** Folder of the results, beside `Pulumi.yaml` and outside of git. */
const FOLDER = ".fleet";

/** Path of the file with the result of a command's last run, from the project's folder. */
const lastRunFile = (command: Command): string => join(FOLDER, `${command}.json`);

type States = Readonly<Record<string, State>>;

/**
 * The stacks that have yet to succeed: all but those whose last run of this command succeeded.
 * @throws StackError if the file is not one of ours
 */
export function unfinished(root: string, command: Command, stacks: readonly string[]): string[] {
  const states = read(root, command);
  return stacks.filter((stack) => states[stack] !== "succeeded");
}

/** The stacks of the last run that have no stack file any more. @throws StackError if the file is not one of ours */
export function vanished(root: string, command: Command, all: readonly string[]): string[] {
  return Object.keys(read(root, command)).filter((stack) => !all.includes(stack));
}

/** The record of the run in progress. */
export interface RunRecord {
  /** Remembers how a stack ended. @throws StackError if the file cannot be written */
  ended(stack: string, ok: boolean): void;
}

/**
 * Begins a run: the selected stacks are pending, and stacks without a file are forgotten. Each write replaces the whole
 * file at once, so that a process that is killed leaves a whole file.
 * @param all every stack that has a file
 * @throws StackError if the file cannot be written, or is not one of ours
 */
export function beginRun(
  root: string,
  command: Command,
  selected: readonly string[],
  all: readonly string[],
): RunRecord {
  const own = new Map<string, State>(selected.map((stack) => [stack, "pending"]));
  // Read again each time: another run of this command may work on other stacks.
  const save = (): void => {
    const states = Object.entries(read(root, command)).filter(([stack]) => all.includes(stack));
    write(root, command, Object.fromEntries([...states, ...own].sort(([a], [b]) => (a < b ? -1 : 1))));
  };
  save();
  return {
    ended(stack, ok) {
      own.set(stack, ok ? "succeeded" : "failed");
      save();
    },
  };
}

function read(root: string, command: Command): States {
  const path = lastRunFile(command);
  let text: string;
  try {
    text = readFileSync(join(root, path), "utf8");
  } catch (cause) {
    if (isMissing(cause)) return {};
    throw new StackError(`${path} cannot be read: ${reason(cause)}`, { cause });
  }
  try {
    return content.parse(JSON.parse(text)).stacks;
  } catch (cause) {
    throw new StackError(
      `${path} is not the result of a fleet run; delete it, and every stack counts as one that did not run`,
      { cause },
    );
  }
}

function write(root: string, command: Command, stacks: States): void {
  const path = join(root, lastRunFile(command));
  const next = `${path}.${process.pid}`;
  try {
    mkdirSync(join(root, FOLDER), { recursive: true });
    writeFileSync(next, `${JSON.stringify({ stacks }, null, 2)}\n`, { flush: true });
    renameSync(next, path);
  } catch (cause) {
    throw new StackError(`${lastRunFile(command)} cannot be written: ${reason(cause)}`, { cause });
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
