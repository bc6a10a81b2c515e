import { accessSync, constants } from "node:fs";
import { delimiter, join, sep } from "node:path";
import process from "node:process";
import { StackError } from "./stackError.ts";

const BIN = ["node_modules", ".bin"].join(sep);

/**
 * Whether `npm run` added the folder to PATH. npm's package `pulumi` has a wrapper there that downloads another CLI.
 */
const ofNpm = (folder: string): boolean => folder.includes(BIN) || folder.includes("node-gyp-bin");

function holdsPulumi(folder: string): boolean {
  return ["pulumi", "pulumi.exe"].some((name) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** PATH with the user's own Pulumi CLI first: the folder that PULUMI_BIN names, and no folders of `npm run`. */
export function pathWithCli(environment: Readonly<Record<string, string | undefined>>): string {
  const own = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !ofNpm(folder));
  const named = environment["PULUMI_BIN"] ?? "";
  return [...(named === "" ? [] : [named]), ...own.filter((folder) => folder !== named)].join(delimiter);
}

/**
 * Makes the commands that this process starts find the user's own Pulumi CLI.
 * @throws StackError when there is none
 */
export function useOwnCli(): void {
  const path = pathWithCli(process.env);
  if (!path.split(delimiter).some(holdsPulumi)) {
    throw new StackError(
      "the Pulumi CLI is not on PATH: install it (https://www.pulumi.com/docs/install/), or name its folder in PULUMI_BIN, and log in as for pulumi up",
    );
  }
  process.env["PATH"] = path;
}
