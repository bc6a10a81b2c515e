import { runCommand } from "../sandbox/support/command.ts";
import { table, violations, type Row } from "./measure/rows.ts";
import { readOptions, usage, type Options } from "./options.ts";

// The AWS SDK's warning about Node 20 is hidden while this project supports that version.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function bench(options: Options): Promise<number> {
  const { json } = options;
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

process.exitCode = await runCommand({ usage, parse: readOptions, run: bench });
