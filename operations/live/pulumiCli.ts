import { delimiter } from "node:path";
import process from "node:process";

/** Puts the Pulumi CLI of the folder that PULUMI_BIN names before the wrapper of npm's package `pulumi`, which `npm run` prefers. */
export function preferNamedCli(): void {
  const { PULUMI_BIN, PATH = "" } = process.env;
  if (PULUMI_BIN === undefined || PATH.startsWith(`${PULUMI_BIN}${delimiter}`)) return;
  process.env["PATH"] = `${PULUMI_BIN}${delimiter}${PATH}`;
}
