import { parseArgs } from "node:util";
import type { Scale } from "./directory.ts";

/** The parts that can be measured alone. */
const parts = ["cost", "peer", "parts", "start", "program", "events"] as const;
type Part = (typeof parts)[number];

export const usage = `usage: npm run bench -- [options]
  --only PART   measures only this part; repeatable; default: all parts:
                cost     DynamoDB requests and capacity of each operation, in a small and a large directory
                peer     each operation compared with the peer
                parts    only filters and PATCH, without server and database
                start    bundle size, and the first answer of a fresh process
                program  evaluation of index.ts
                events   the feed of change events: capacity of a change, and the time until it is told
  --users N     people of the large directory (default: 100000)
  --members N   members of its large group (default: half of the people)
  --against REF compares each operation with the function's code of a Git commit, in turns, and measures nothing else
  --quick       fewer samples, in one small directory: for --only peer and --against
  --node PATH   the Node.js binary that runs the function; default: that of this shell
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
  readonly large: Scale;
}

/**
 * Reads the command line; "help" if it asks for the usage.
 * @throws Error that says which option is wrong and what is allowed
 */
export function readOptions(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      peer: { type: "boolean", default: true },
      only: { type: "string", multiple: true, default: [...parts] },
      against: { type: "string" },
      quick: { type: "boolean", default: false },
      node: { type: "string" },
      users: { type: "string", default: "100000" },
      members: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const number = (name: string, text: string, least: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new Error(`--${name} takes a whole number of at least ${least}`);
    return value;
  };
  const only = values.only.map((text) => {
    const part = parts.find((one) => one === text);
    if (part === undefined) throw new Error(`--only takes ${parts.join(", ")}, not ${text}`);
    return part;
  });
  const users = number("users", values.users, 100);
  const members = number("members", values.members ?? String(Math.floor(users / 2)), 10);
  if (members + 50 > users) throw new Error("--members must leave 50 people out of the group");
  const groups = [...new Set([10, members])];
  return {
    ...{ json: values.json, check: values.check, withPeer: values.peer },
    ...{ against: values.against, isQuick: values.quick, node: values.node },
    ...{ only: new Set(only), large: { users, groups } },
  };
}
