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

/** The CLI's own words: the Automation API wraps its output in the whole command and exit code. */
export function saidByCli(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = /error: ([\s\S]*?)(?:\n err\?:|$)/.exec(text)?.[1]?.trim();
  return said === undefined || said === "" ? text : said;
}

/** Why a stack cannot be worked on, in the words of the CLI or better ones. */
export function reasonOf(error: unknown, stack: string): string {
  const said = saidByCli(error);
  return /^no stack named /m.test(said)
    ? `no stack ${stack} exists for Pulumi.${stack}.yaml: create it with "pulumi stack init ${stack}" and the secrets provider of your choice`
    : said;
}
