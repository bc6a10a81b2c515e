import process from "node:process";
import { parseStartOptions, usage, type StartOptions } from "../start/options.ts";
import { messageOf } from "../support/errors.ts";

/** This project supports Node 20. The AWS SDK's warning about that version would appear between the stages. */
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

async function main(args: readonly string[]): Promise<number> {
  let options: StartOptions | "help";
  try {
    options = parseStartOptions(args);
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n\n${usage}\n`);
    return 2;
  }
  if (options === "help") {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  // The module takes a second to load, and the usage does not need it.
  const { runStart } = await import("../start/run.ts");
  return runStart(options);
}

process.exitCode = await main(process.argv.slice(2));
process.exit();
