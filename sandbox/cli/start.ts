import process from "node:process";
import { parseStartOptions, usage } from "../start/options.ts";
import { runCommand } from "../support/command.ts";

/** This project supports Node 20. The AWS SDK's warning about that version would appear between the stages. */
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

process.exitCode = await runCommand({
  usage,
  parse: parseStartOptions,
  async run(options) {
    const { runStart } = await import("../start/run.ts");
    return runStart(options);
  },
});
process.exit();
