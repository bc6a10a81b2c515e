import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve as absolute } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, gunzipSync } from "node:zlib";
import type { StandIns } from "../../../../sandbox/pulumi/index.ts";
import { copyProject } from "../../operations/project.ts";

/** Folder of the `pulumi` command. Without it, the suites are skipped. */
export const binaries = process.env["PULUMI_BIN"] ? absolute(process.env["PULUMI_BIN"]) : undefined;
if (binaries === undefined) {
  process.stdout.write(
    "test:engine is skipped: PULUMI_BIN names no folder with the pulumi command (.ci/pulumi-cli builds one)\n",
  );
} else if (!existsSync(join(binaries, "pulumi"))) {
  throw new Error(`PULUMI_BIN names ${binaries}, which has no pulumi command; .ci/pulumi-cli ${binaries} builds one`);
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, as a person sees them. */
  readonly text: string;
}

export interface Running {
  /** Both streams so far. */
  readonly text: () => string;
  readonly ended: Promise<Ran>;
  /** Ctrl-C in a terminal: reaches every process of the group. */
  interrupt(): void;
  /** SIGKILL only to the command, as on a machine out of memory. */
  kill(): void;
}

/** The places where a token must never appear, collected while commands ran. */
export interface Traces {
  /** All output. */
  readonly printed: () => string;
  /** Command line and environment of every process of this machine (Linux). */
  readonly processes: () => string;
  /** The stacks' checkpoints as each command left them. */
  readonly checkpoints: () => string;
  /** The other files on disk: history, backups, the CLI's home, its logs and temporary files, the stacks' files. */
  readonly files: () => Promise<string>;
}

export interface Cli extends Traces {
  readonly folder: string;
  run(...args: string[]): Promise<Ran>;
  /** Runs a command that must succeed. */
  ok(...args: string[]): Promise<Ran>;
  start(...args: string[]): Running;
  /** `npm run NAME -- …options` in the copy of the project. */
  npmRun(name: string, ...options: string[]): Promise<Ran>;
  remove(): Promise<void>;
}

/** The files on disk except the checkpoints: the stacks' files and everything below the other folders. */
async function textOnDisk(folder: string, others: readonly string[]): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("Pulumi."));
  const stackFiles = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const rest = await Promise.all(others.map(filesBelow));
  return [...rest.flat(), ...stackFiles].join("\n");
}

/** A copy of the project that `pulumi` may write to, with the command. `extra` adds to the commands' environment. */
export async function createCli(standIns: StandIns, extra: Readonly<Record<string, string>> = {}): Promise<Cli> {
  const folder = await copyProject();
  const logs = await mkdtemp(join(tmpdir(), "okta-scim-logs-"));
  const stacks = join(standIns.stateFolder, ".pulumi", "stacks");
  let printed = "";
  const processes = new Set<string>();
  const checkpoints = new Set<string>();

  function launch(command: string, args: readonly string[]): Running {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...standIns.env, ...extra, TMPDIR: logs },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let [stdout, stderr, text] = ["", "", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      text += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
      text += chunk.toString("utf8");
    });
    let running = true;
    const watched = watchProcesses(processes, () => running);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    })
      .finally(() => (running = false))
      .then(async (code) => {
        await watched;
        printed += text;
        for (const checkpoint of await filesBelow(stacks)) checkpoints.add(checkpoint);
        return { code, stdout, stderr, text };
      });
    const signal = (name: NodeJS.Signals, target: (pid: number) => number): void => {
      if (child.pid !== undefined) process.kill(target(child.pid), name);
    };
    return {
      text: () => text,
      ended,
      interrupt: () => signal("SIGINT", (pid) => -pid),
      kill: () => signal("SIGKILL", (pid) => pid),
    };
  }

  const start = (...args: string[]): Running => launch("pulumi", ["--non-interactive", "--color", "never", ...args]);
  return {
    folder,
    start,
    run: (...args) => start(...args).ended,
    async ok(...args) {
      const ran = await start(...args).ended;
      if (ran.code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(ran.code)}:\n${ran.text}`);
      return ran;
    },
    npmRun: (name, ...options) => launch("npm", ["run", "--silent", name, "--", ...options]).ended,
    printed: () => printed,
    processes: () => [...processes].join("\n"),
    checkpoints: () => [...checkpoints].join("\n"),
    files: () => textOnDisk(folder, [standIns.stateFolder, logs]),
    remove: async () => {
      for (const made of [folder, logs]) await rm(made, { recursive: true, force: true });
    },
  };
}

/** Reads the processes repeatedly while a command runs. */
async function watchProcesses(seen: Set<string>, isRunning: () => boolean): Promise<void> {
  for (; isRunning(); await sleep(200)) await seeProcesses(seen);
}

/** Adds the command line and environment of every current process. A process may end while it is read. */
async function seeProcesses(seen: Set<string>): Promise<void> {
  const tell = (id: string, part: string): Promise<string> =>
    readFile(`/proc/${id}/${part}`, "latin1").then(
      (text) => `${id} ${text.replaceAll("\0", " ")}`,
      () => "",
    );
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const commandLine = await tell(id, "cmdline");
    if (seen.has(commandLine)) continue;
    seen.add(commandLine);
    seen.add(await tell(id, "environ"));
  }
}

/** The text of every file below a folder; none if the folder does not exist yet. */
async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(async (file) => unpacked(await readFile(join(file.parentPath, file.name)))));
}

/** The CLI writes a log of each command to its home, compressed; one of a killed command ends early. */
function unpacked(bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isGzip ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes).toString("latin1");
}
