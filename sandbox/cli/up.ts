import process from "node:process";
import { messageOf } from "../support/errors.ts";
import { parseUpOptions, usage, type UpOptions } from "../up/options.ts";

async function main(args: readonly string[]): Promise<number> {
  let options: UpOptions | "help";
  try {
    options = parseUpOptions(args);
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n\n${usage}\n`);
    return 2;
  }
  if (options === "help") {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { runUp } = await import("../up/run.ts");
  return runUp(options);
}

process.exitCode = await main(process.argv.slice(2));
