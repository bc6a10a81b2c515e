import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of the `pulumi` command; the suites are skipped where there is none. */
export const binaries = process.env["PULUMI_BIN"];

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, as a person sees them. */
  readonly text: string;
}

export interface Cli {
  readonly folder: string;
  /** Where the commands leave temporary files, logs among them. */
  readonly logs: string;
  /** All that was printed so far. */
  readonly printed: () => string;
  /** The command lines of every process of this machine while the commands ran. */
  readonly processLists: () => string;
  run(...args: string[]): Promise<Ran>;
  /** Runs a command that must succeed. */
  ok(...args: string[]): Promise<Ran>;
  /** Starts a command and interrupts it as Ctrl-C does, once `when` resolves. */
  interrupted(when: Promise<unknown>, ...args: string[]): Promise<Ran>;
  remove(): Promise<void>;
}

/** A copy of the project that `pulumi` may write to, and the command in it. */
export async function createCli(env: Readonly<Record<string, string>>): Promise<Cli> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-project-"));
  const parts = ["package.json", "index.ts", "components", "lambda", "policy", "operations", "Pulumi.yaml"];
  for (const part of [...parts, "Pulumi.dev.yaml", "tsconfig.json"].filter((name) => existsSync(join(root, name)))) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const logs = await mkdtemp(join(tmpdir(), "okta-scim-logs-"));
  let printed = "";
  let processLists = "";

  async function run(args: readonly string[], interruptWhen?: Promise<unknown>): Promise<Ran> {
    const child = spawn("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: folder,
      env: { ...env, TMPDIR: logs },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stdout = "";
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      text += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    const watch = setInterval(() => void commandLines().then((lines) => (processLists += lines)), 200);
    // Ctrl-C in a terminal reaches every process of the group.
    void interruptWhen?.then(() => child.pid !== undefined && process.kill(-child.pid, "SIGINT"));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    clearInterval(watch);
    printed += text;
    return { code, stdout, text };
  }

  return {
    folder,
    logs,
    printed: () => printed,
    processLists: () => processLists,
    run: (...args) => run(args),
    async ok(...args) {
      const ran = await run(args);
      if (ran.code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(ran.code)}:\n${ran.text}`);
      return ran;
    },
    interrupted: (when, ...args) => run(args, when),
    remove: async () => {
      for (const made of [folder, logs]) await rm(made, { recursive: true, force: true });
    },
  };
}

/** The command lines of every process on this machine (Linux). */
async function commandLines(): Promise<string> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.join("\n");
}

/** The text of every file below a folder. */
export async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
  return contents.join("\n");
}
