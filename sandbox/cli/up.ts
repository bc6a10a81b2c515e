import process from "node:process";
import { runCommand } from "../support/command.ts";
import { parseUpOptions, usage } from "../up/options.ts";

process.exitCode = await runCommand({
  usage,
  parse: parseUpOptions,
  async run(options) {
    const { runUp } = await import("../up/run.ts");
    return runUp(options);
  },
});
