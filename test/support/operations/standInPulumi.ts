import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A `pulumi` command that needs no engine: it notes each call and does what its stack's script says. Every stack has one secret
 * in its configuration, \`${SECRET}\`, and no outputs.
 */
export interface StandInPulumi {
  /** Folder of the command, for PULUMI_BIN. */
  readonly folder: string;
  /** Gives a stack a shell script that runs before the command succeeds; `$log` is the engine's event log. */
  behave(stack: string, script: string): Promise<void>;
  /** The calls so far, such as `up t001`, and the lines that the scripts write to `$calls`. */
  calls(): Promise<string[]>;
  forgetCalls(): Promise<void>;
}

/** The secret in the configuration of each stack. */
export const SECRET = "s3cret+of-the-stack";

const command = (folder: string): string => `#!/bin/sh
calls='${folder}/calls'
name=$1
while [ $# -gt 0 ]; do
  case $1 in
    --stack) stack=$2 ;;
    --event-log) log=$2 ;;
  esac
  shift
done
case $name in
  version) echo v3.200.0; exit ;;
  config) echo '{"okta:apiToken":{"value":"${SECRET}","secret":true}}'; exit ;;
  stack) echo '{}'; exit ;;
esac
echo "$name $stack" >> "$calls"
if [ -f '${folder}'/scripts/"$stack" ]; then . '${folder}'/scripts/"$stack"; fi
echo '{"summaryEvent":{"resourceChanges":{"create":16}}}' >> "$log"
`;

export async function standInPulumi(parent: string): Promise<StandInPulumi> {
  const folder = join(parent, "stand-in");
  await mkdir(join(folder, "scripts"), { recursive: true });
  await writeFile(join(folder, "pulumi"), command(folder));
  await chmod(join(folder, "pulumi"), 0o755);
  const file = join(folder, "calls");
  await writeFile(file, "");
  return {
    folder,
    behave: (stack, script) => writeFile(join(folder, "scripts", stack), `${script}\n`),
    calls: async () => (await readFile(file, "utf8")).split("\n").filter((line) => line !== ""),
    forgetCalls: async () => {
      await rm(join(folder, "scripts"), { recursive: true });
      await mkdir(join(folder, "scripts"));
      await writeFile(file, "");
    },
  };
}
