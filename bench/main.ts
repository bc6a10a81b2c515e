import { parseArgs } from "node:util";
import { benchDirectory, type Scale } from "./directory.ts";
import { startOurs } from "./ours.ts";
import { benchParts } from "./parts/index.ts";
import { hasPeer, startPeer } from "./peer.ts";
import { benchProgram } from "./program.ts";
import { table, violations, type Row } from "./rows.ts";
import { benchStart } from "./start.ts";

const parts = ["cost", "peer", "parts", "start", "program"] as const;
type Part = (typeof parts)[number];

const usage = `usage: npm run bench -- [options]
  --only PART   repeatable; without it all of them:
                cost     what each operation asks of DynamoDB, in a small and a large directory
                peer     each operation beside the peer
                parts    filters and PATCH alone
                start    bundle size, and the first answer of a fresh process
                program  evaluation of index.ts
  --users N     people of the large directory (100000)
  --members N   members of its large group (half of the people)
  --no-peer     leave the peer out
  --json        one JSON object a row on stdout
  --check       fail with exit code 1 where a bound on what is counted does not hold`;

/** The directory beside which the large one is held: its operations must cost the same. */
const SMALL: Scale = { users: 100, groups: [10] };
/** Where a peer that keeps everything in memory is measured beside ours. */
const BESIDE_PEER: readonly Scale[] = [
  { users: 1_100, groups: [10, 1_000] },
  { users: 10_100, groups: [10, 10_000] },
];

interface Options {
  readonly json: boolean;
  readonly check: boolean;
  readonly withPeer: boolean;
  readonly only: ReadonlySet<Part>;
  readonly large: Scale;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      peer: { type: "boolean", default: true },
      only: { type: "string", multiple: true, default: [...parts] },
      users: { type: "string", default: "100000" },
      members: { type: "string" },
    },
  });
  const number = (name: string, text: string, least: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} takes a whole number from ${least}`);
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
    ...{ only: new Set(only), large: { users, groups } },
  };
}

const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function benchScale(scale: Scale, withPeer: boolean, emit: (rows: readonly Row[]) => void): Promise<void> {
  const ours = await startOurs();
  const peer = withPeer ? await startPeer() : undefined;
  try {
    await benchDirectory(peer ? [ours, peer] : [ours], scale, { progress, emit });
  } finally {
    await peer?.close();
    await ours.close();
  }
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return 2;
  }
  const { only, large } = options;
  const withPeer = options.withPeer && hasPeer();
  if (options.withPeer && !withPeer) progress("no peer: npm ci --prefix bench installs it");
  const rows: Row[] = [];
  const emit = (more: readonly Row[]): void => {
    rows.push(...more);
    if (options.json) for (const one of more) process.stdout.write(`${JSON.stringify(one)}\n`);
  };
  if (only.has("parts")) emit(await benchParts({ withPeer, progress }));
  if (only.has("start")) emit(await benchStart({ withPeer, progress }));
  if (only.has("program")) emit(await benchProgram(progress));
  if (only.has("peer") && withPeer) for (const scale of BESIDE_PEER) await benchScale(scale, true, emit);
  if (only.has("cost")) for (const scale of [SMALL, large]) await benchScale(scale, false, emit);
  if (!options.json) process.stdout.write(`${table(rows)}\n`);
  const { counted, timed } = violations(rows);
  for (const line of counted) progress(`does not hold: ${line}`);
  for (const line of timed) progress(`slower than it should be: ${line}`);
  return options.check && counted.length > 0 ? 1 : 0;
}

process.exitCode = await main();
