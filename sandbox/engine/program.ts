import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface StackConfig {
  /** Fully qualified key → text; JSON text if the value is structured. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface ProgramOptions {
  readonly root: string;
  readonly project: string;
  readonly stack: string;
  readonly config: StackConfig;
  readonly preview: boolean;
  /** host:port of the resource monitor and of the engine. */
  readonly address: string;
}

export interface ProgramEnd {
  readonly code: number | null;
  /** The program's output, for a failure that has no other explanation. */
  readonly output: string;
}

const ORGANIZATION = "organization";
const OUTPUT_LIMIT = 64 * 1024;

/** The user's own credentials do not belong in a program that creates nothing outside this machine. */
const credential = /^(AWS_|OKTA_|PULUMI_)/;

/** Starts the program under Pulumi's own Node runtime. `kill` ends it at once; `ended` never rejects. */
export function runProgram(options: ProgramOptions): { readonly ended: Promise<ProgramEnd>; kill(): void } {
  const require = createRequire(import.meta.url);
  const runtime = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run");
  const { root, project, stack, config } = options;
  const child = spawn(
    process.execPath,
    [
      ...["--import", fileURLToPath(new URL("./fixInspect.mjs", import.meta.url))],
      ...["--import", fileURLToPath(new URL("./lazyModules.mjs", import.meta.url))],
      ...["--import", fileURLToPath(new URL("./watchParent.mjs", import.meta.url))],
      ...["--import", fileURLToPath(new URL("./leanStacks.mjs", import.meta.url))],
      ...["--import", import.meta.resolve("tsx/esm")],
      runtime,
      ...["--monitor", options.address, "--engine", options.address],
      ...["--project", project, "--stack", stack, "--organization", ORGANIZATION],
      ...["--pwd", root, "--root-directory", root],
      ...["--dry-run", String(options.preview), "--parallel", "16", "."],
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !credential.test(key))),
        PULUMI_CONFIG: JSON.stringify(config.values),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
        PULUMI_NODEJS_TYPESCRIPT: "false",
        PULUMI_NODEJS_PROJECT: project,
        PULUMI_NODEJS_STACK: stack,
        PULUMI_NODEJS_ORGANIZATION: ORGANIZATION,
        PULUMI_NODEJS_DRY_RUN: String(options.preview),
      },
    },
  );
  let output = "";
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-OUTPUT_LIMIT);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<ProgramEnd>((resolve) => {
    const finish = (code: number | null, more = ""): void => {
      process.removeListener("exit", kill);
      resolve({ code, output: output + more });
    };
    child.once("error", (error) => finish(null, error.message));
    child.once("close", (code) => finish(code));
  });
  return { ended, kill };
}
