import { parseArgs } from "node:util";
import type { Scale } from "./operations/directory.ts";
import { operationNames } from "./operations/names.ts";

/** The parts that can be measured alone. */
const parts = ["cost", "peer", "parts", "start", "program", "events", "burst", "memory"] as const;
type Part = (typeof parts)[number];

/** The parts of a quick run: without the large directory, and within two minutes. */
const QUICK: readonly Part[] = ["parts", "start", "peer", "burst"];

export const usage = `usage: npm run bench -- [options]
  --only PART   measures only this part; repeatable; default: all, with --quick parts, start, peer and burst:
                cost     DynamoDB requests and capacity of each operation, in a small and a large directory
                peer     each operation compared with the peer
                parts    only filters and PATCH, without server and database
                start    bundle size, and the first answer of a fresh process
                program  evaluation of index.ts
                events   the feed of change events: capacity of a change, and the time until it is told
                burst    50 requests at once, compared with the peer
                memory   latency and price of the function at several memory sizes
  --operation TEXT  only operations whose name contains TEXT; repeatable; for cost, peer and --against
  --users N     people of the large directory of cost (default: 100000); peer and --against then use only this directory
  --members N   members of its large group (default: half of the people); repeatable
  --against REF compares each operation with the function's code of a Git commit, in turns, and measures nothing else;
                with --only peer, the peer takes turns with both
  --samples N   measured requests of each operation, instead of 5 to 200
  --quick       everyday form, within two minutes: fewer samples, in one small directory
  --node PATH   the Node.js binary that runs the benchmark, the function and the peer; default: that of this shell
  --no-peer     leave the peer out
  --json        one JSON object per row on stdout
  --check       exit code 1 if a counted number exceeds its bound
  --help        print this`;

export interface Options {
  readonly json: boolean;
  readonly check: boolean;
  readonly withPeer: boolean;
  /** A Git commit. */
  readonly against: string | undefined;
  readonly isQuick: boolean;
  readonly node: string | undefined;
  readonly only: ReadonlySet<Part>;
  /** Parts of the names of operations, in lower case; empty for all operations. */
  readonly operations: readonly string[];
  readonly samples: number | undefined;
  /** The large directory of `cost`. */
  readonly large: Scale;
  /** The directory that the command line asks for, instead of the usual ones of a comparison. */
  readonly scale: Scale | undefined;
}

const options = {
  json: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  peer: { type: "boolean", default: true },
  only: { type: "string", multiple: true },
  operation: { type: "string", multiple: true },
  against: { type: "string" },
  samples: { type: "string" },
  quick: { type: "boolean", default: false },
  node: { type: "string" },
  users: { type: "string" },
  members: { type: "string", multiple: true },
  help: { type: "boolean", default: false },
} as const;

/**
 * Reads the command line; "help" if it asks for the usage.
 * @throws Error that says which option is wrong and what is allowed
 */
export function readOptions(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({ args: [...args], allowNegative: true, options });
  if (values.help) return "help";
  const { json, check, peer: withPeer, against, quick: isQuick, node } = values;
  const large = readScale(values.users ?? "100000", values.members);
  return {
    ...{ json, check, withPeer, against, isQuick, node, large },
    only: new Set(readParts(values.only, { isQuick, isComparison: against !== undefined })),
    operations: (values.operation ?? []).map(readOperation),
    samples: values.samples === undefined ? undefined : readNumber("samples", values.samples, 1),
    scale: values.users === undefined && values.members === undefined ? undefined : large,
  };
}

function readNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${name} takes a whole number of at least ${least}`);
  return value;
}

function readScale(usersText: string, membersTexts: readonly string[] | undefined): Scale {
  const users = readNumber("users", usersText, 100);
  const members = (membersTexts ?? [String(Math.floor(users / 2))]).map((text) => readNumber("members", text, 10));
  if (Math.max(...members) + 50 > users) throw new Error("--members must leave 50 people out of the group");
  return { users, groups: [...new Set([10, ...members])] };
}

function readParts(
  texts: readonly string[] | undefined,
  { isQuick, isComparison }: { readonly isQuick: boolean; readonly isComparison: boolean },
): readonly Part[] {
  if (texts === undefined) return isComparison ? [] : isQuick ? QUICK : parts;
  const only = texts.map((text) => {
    const part = parts.find((one) => one === text);
    if (part === undefined) throw new Error(`--only takes ${parts.join(", ")}, not ${text}`);
    return part;
  });
  if (isComparison && only.some((part) => part !== "peer")) {
    throw new Error("--against measures no other part than peer: leave out --only, or use --only peer");
  }
  return only;
}

function readOperation(text: string): string {
  const wanted = text.toLowerCase();
  if (operationNames().some((name) => name.toLowerCase().includes(wanted))) return wanted;
  throw new Error(`--operation "${text}" is part of no name; the operations are ${operationNames().join(", ")}`);
}
