import { spawnSync } from "node:child_process";
import { loadavg, cpus } from "node:os";
import { isCommit } from "./contenders/against.ts";
import { hasPeer } from "./contenders/peer.ts";
import { runCommand } from "../sandbox/support/command.ts";
import { table, violations, type Row } from "./measure/rows.ts";
import { readOptions, usage, type Options } from "./options.ts";

// The AWS SDK's warning about Node 20 is hidden while this project supports that version.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function bench(options: Options): Promise<number> {
  const { json, node } = options;
  if (node !== undefined && process.env[UNDER] === undefined) return underNode(node);
  const problem = problemOf(options);
  if (problem !== undefined) {
    process.stderr.write(`error: ${problem}\n`);
    return 2;
  }
  progress(`Node.js ${process.versions.node}, ${cpus().length} processors, load ${(loadavg()[0] ?? 0).toFixed(1)}`);
  const rows: Row[] = [];
  const emit = (more: readonly Row[]): void => {
    rows.push(...more);
    if (json) for (const one of more) process.stdout.write(`${JSON.stringify(one)}\n`);
  };
  // Loaded after the options, because the usage does not need the seconds that this takes.
  const { run } = await import("./run.ts");
  await run(options, { emit, progress });
  if (!json) process.stdout.write(`${table(rows)}\n`);
  const { counted, timed } = violations(rows);
  for (const line of counted) progress(`does not hold: ${line}`);
  for (const line of timed) progress(`slower than it should be: ${line}`);
  return options.check && counted.length > 0 ? 1 : 0;
}

/** What the options need and this machine lacks: nothing would be measured. */
function problemOf({ against, only, withPeer }: Options): string | undefined {
  if (against !== undefined) return isCommit(against) ? undefined : `--against ${against}: Git knows no such commit`;
  if ([...only].join() !== "peer" || (withPeer && hasPeer())) return undefined;
  return "--only peer measures nothing without the peer: npm ci --prefix bench installs it, and --no-peer leaves it out";
}

/** Set in the process that `--node` starts. */
const UNDER = "BENCH_UNDER_NODE";

/** Runs this command again under another Node.js binary, with every process that it starts. @returns its exit code */
function underNode(node: string): number {
  const env = { ...process.env, [UNDER]: node, FUNCTION_NODE: node };
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const { status, error } = spawnSync(node, args, { stdio: "inherit", env });
  if (error !== undefined) process.stderr.write(`error: --node ${node}: ${error.message}\n`);
  return status ?? 2;
}

process.exitCode = await runCommand({ usage, parse: readOptions, run: bench });
