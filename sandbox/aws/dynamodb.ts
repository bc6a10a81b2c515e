import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface DynamoDb {
  readonly endpoint: string;
  close(): Promise<void>;
}

const START_TIMEOUT = 10_000;

/**
 * Ends the engine when this process is gone, however it went: the shell's descriptor 3 closes with us. The engine has a
 * process group of its own, so that Ctrl-C at the terminal leaves it to an orderly stop.
 */
const GUARDED = '"$0" "$@" & p=$!; trap "kill $p" TERM INT; (cat >/dev/null; kill $p) <&3 3<&- & wait $p';

/**
 * A DynamoDB in memory, in a child process; or the one that DYNAMODB_ENDPOINT names.
 * @throws Error that names both choices where there is no engine for this platform
 */
export async function startDynamoDb(): Promise<DynamoDb> {
  const given = process.env["DYNAMODB_ENDPOINT"];
  if (given !== undefined && given !== "") return { endpoint: given.replace(/\/+$/, ""), close: async () => undefined };
  const binary = findBinary();
  const port = await freePort();
  const child = spawn("sh", ["-c", GUARDED, binary, "--port", String(port)], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await gone;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    if (await answers(endpoint)) return { endpoint, close };
    if (child.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error("DynamoDB's stand-in did not start; set DYNAMODB_ENDPOINT to a DynamoDB of your own");
    }
    await sleep(10);
  }
}

function findBinary(): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve("@dynoxide/linux-x64/package.json")), "dynoxide");
  } catch {
    throw new Error(
      `npm has no DynamoDB stand-in for ${process.platform} ${process.arch}. Run this on Linux x64, or start a DynamoDB that knows ` +
        `transactions (such as DynamoDB local) and set DYNAMODB_ENDPOINT to its address.`,
    );
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { method: "POST", body: "{}" });
    return true;
  } catch {
    return false;
  }
}

/** A port of the loopback interface that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
