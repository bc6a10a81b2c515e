import { parseArgs } from "node:util";
import { benchDirectory, type Scale } from "./directory.ts";
import { startOurs } from "./ours.ts";
import { hasPeer, startPeer } from "./peer.ts";
import { table, violations, type Row } from "./rows.ts";

const usage = `usage: npm run bench -- [options]
  --json        one JSON object a row on stdout
  --users N     people of the large directory (100000)
  --members N   members of its large group (half of the people)
  --no-peer     leave the peer out
  --check       fail with exit code 1 where a bound does not hold`;

/** The directory beside which the large one is held: its operations must cost the same. */
const SMALL: Scale = { users: 100, groups: [10] };
/** Where a peer that keeps everything in memory is measured beside ours. */
const BESIDE_PEER: readonly Scale[] = [
  { users: 1_100, groups: [10, 1_000] },
  { users: 10_100, groups: [10, 1_000, 10_000] },
];

interface Options {
  readonly json: boolean;
  readonly check: boolean;
  readonly peer: boolean;
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
      users: { type: "string", default: "100000" },
      members: { type: "string" },
    },
  });
  const number = (name: string, text: string, least: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} takes a whole number from ${least}`);
    return value;
  };
  const users = number("users", values.users, 100);
  const members = number("members", values.members ?? String(Math.floor(users / 2)), 10);
  if (members + 50 > users) throw new Error("--members must leave 50 people out of the group");
  const groups = [...new Set([10, members])];
  return { json: values.json, check: values.check, peer: values.peer, large: { users, groups } };
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return 2;
  }
  const rows: Row[] = [];
  const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);
  const emit = (more: readonly Row[]): void => {
    rows.push(...more);
    if (options.json) for (const one of more) process.stdout.write(`${JSON.stringify(one)}\n`);
  };
  const run = async (scale: Scale, withPeer: boolean): Promise<void> => {
    const ours = await startOurs();
    const peer = withPeer ? await startPeer() : undefined;
    try {
      await benchDirectory(peer ? [ours, peer] : [ours], scale, { progress, emit });
    } finally {
      await peer?.close();
      await ours.close();
    }
  };
  for (const scale of [SMALL, options.large]) await run(scale, false);
  if (options.peer && !hasPeer()) progress("no peer: npm ci --prefix bench installs it");
  if (options.peer && hasPeer()) for (const scale of BESIDE_PEER) await run(scale, true);
  if (!options.json) process.stdout.write(`${table(rows)}\n`);
  const broken = violations(rows);
  for (const line of broken) progress(`does not hold: ${line}`);
  return options.check && broken.length > 0 ? 1 : 0;
}

process.exitCode = await main();
