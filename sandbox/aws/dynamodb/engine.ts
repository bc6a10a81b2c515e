import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { listen, shut } from "../../support/http.ts";

export interface DynamoDb {
  readonly endpoint: string;
  /** Whether it is the engine at DYNAMODB_ENDPOINT, which others may use and which keeps its tables. */
  readonly isShared: boolean;
  /** Ends the engine; a shared one keeps running. */
  close(): Promise<void>;
}

/**
 * Runs the engine and ends it when file descriptor 3 closes. The system closes the other end when this process ends,
 * even by SIGKILL. An orderly stop also closes it, because a signal to the shell would leave the watcher running.
 */
const WRAPPER =
  '"$0" "$@" 3<&- & p=$!; trap "kill $p" TERM INT; (cat >/dev/null; kill $p) <&3 3<&- 2>/dev/null & exec 3<&-; wait $p';

const START_TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;

/**
 * A DynamoDB on this machine: the one at the environment variable DYNAMODB_ENDPOINT, or else a dynoxide process in
 * memory.
 * @throws Error that says what to do if there is neither
 */
export async function startDynamoDb(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DynamoDb> {
  const given = env["DYNAMODB_ENDPOINT"];
  if (given !== undefined && given !== "") {
    const endpoint = given.replace(/\/+$/, "");
    if (!(await answers(endpoint)))
      throw new Error(`No DynamoDB answers at ${endpoint} (DYNAMODB_ENDPOINT). Start it there, or unset the variable.`);
    return { endpoint, isShared: true, close: async () => undefined };
  }
  const program = findEngine();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startEngine(program, await freePort());
    } catch (error) {
      // Another process may take the port between the choice and the start.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function findEngine(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("@dynoxide/linux-x64/package.json")), "dynoxide");
  } catch {
    throw new Error(missingEngine(process.platform, process.arch));
  }
}

/** The advice if the engine is not installed. */
export function missingEngine(platform: string, arch: string): string {
  const other =
    "start a DynamoDB that supports transactions, such as DynamoDB Local, and set DYNAMODB_ENDPOINT to its address";
  if (platform === "linux" && arch === "x64") {
    return `The DynamoDB engine @dynoxide/linux-x64 is not installed. Run "npm ci --include=optional", or ${other}.`;
  }
  return `There is no DynamoDB engine for ${platform} on ${arch}. Run this on Linux x64, or ${other}.`;
}

async function startEngine(program: string, port: number): Promise<DynamoDb> {
  // A process group of its own: Ctrl-C reaches a whole group, and the engine must outlive an orderly stop.
  const child = spawn("sh", ["-c", WRAPPER, program, "--port", String(port)], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    detached: true,
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const lifeline = child.stdio[3];
  lifeline?.on("error", () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      complaint += error.message;
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    lifeline?.destroy();
    await exited;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(endpoint))) {
    if (!isRunning(child) || Date.now() > deadline) {
      await close();
      throw new Error(`the DynamoDB engine did not start: ${complaint.trim() || "no answer"}`);
    }
    await sleep(10);
  }
  return { endpoint, isShared: false, close };
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await shut(server);
  return port;
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.ListTables",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: "{}",
    });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
