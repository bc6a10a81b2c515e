import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const ready = z.object({
  ready: z.literal(true),
  stack: z.string(),
  outputs: z.object({
    scimBaseUrl: z.string(),
    scimToken: z.string(),
    scimAuthorization: z.string(),
    oktaAppId: z.string(),
    assignmentGroupId: z.string(),
    connection: z.enum(["pending", "ready"]),
    nextSteps: z.array(z.string()),
    pushGroups: z.record(
      z.string(),
      z.object({ sourceGroupId: z.string(), mappingId: z.string().nullable(), status: z.string() }),
    ),
  }),
  okta: z.object({ url: z.string(), apiToken: z.string() }),
  aws: z.object({ dynamodbEndpoint: z.string() }),
  console: z.string(),
});

export type Ready = z.infer<typeof ready>;

export interface RunningTenant {
  readonly ready: Ready;
  readonly process: ChildProcess;
  /** The output that a person would see. */
  text(): string;
  /** Sends SIGTERM and waits. The exit code. */
  stop(): Promise<number | null>;
  scim(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  okta(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Any answer; each test names the shape that it expects.
  readonly body: unknown;
}

/** Runs the start command as a person does, with `--json`. */
export const npmStart = (...options: string[]): Promise<RunningTenant> => npmStartIn(root, ...options);

/** Runs it in a folder that holds the project, such as `copyOfProject()`. */
export async function npmStartIn(folder: string, ...options: string[]): Promise<RunningTenant> {
  const child = spawn("npm", ["start", "--silent", "--", "--json", "--port", "0", ...options], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  await new Promise<void>((resolve) => {
    child.stdout.on("data", () => /^\{"ready":true.*\n/m.test(out) && resolve());
    child.once("close", () => resolve());
  });
  const last = out.trim().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`the tenant did not come up: ${err}`);
  const parsed = ready.parse(JSON.parse(last));
  const call = async (url: string, method: string, headers: Record<string, string>, body: unknown): Promise<Answer> => {
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
    };
  };
  return {
    ready: parsed,
    process: child,
    text: () => out + err,
    async stop() {
      child.kill("SIGTERM");
      return ended;
    },
    scim: (method, path, body, headers = {}) =>
      call(
        `${parsed.outputs.scimBaseUrl}${path}`,
        method,
        { authorization: `Bearer ${parsed.outputs.scimToken}`, ...headers },
        body,
      ),
    okta: (method, path, body) =>
      call(`${parsed.okta.url}/api/v1${path}`, method, { authorization: `SSWS ${parsed.okta.apiToken}` }, body),
  };
}

/** A copy of the project that a test may break, with the packages of this one. */
export interface ProjectCopy {
  readonly folder: string;
  /** Writes the file of the stack `dev`. @param change gets the content that the copy began with */
  editStackFile(change: (text: string) => string): Promise<void>;
  /** Lets the program of each later deployment wait before its first resource. @returns a function that ends the waiting */
  holdDeployments(): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

export async function copyOfProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-copy-"));
  const parts = ["package.json", "index.ts", "components", "lambda", "sandbox", "operations", "tsconfig.json"];
  for (const part of [...parts, "Pulumi.yaml", "Pulumi.dev.yaml"]) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const stackFile = join(folder, "Pulumi.dev.yaml");
  const text = await readFile(stackFile, "utf8");
  return {
    folder,
    editStackFile: (change) => writeFile(stackFile, change(text)),
    holdDeployments: () => holdProgram(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Lets `index.ts` wait for as long as a file is there. */
async function holdProgram(folder: string): Promise<() => Promise<void>> {
  const [program, hold] = [join(folder, "index.ts"), join(folder, "hold")];
  const text = await readFile(program, "utf8");
  const waiting = `import { existsSync as isHeld } from "node:fs";
while (isHeld(${JSON.stringify(hold)})) await new Promise((resolve) => setTimeout(resolve, 50));
`;
  await writeFile(hold, "");
  await writeFile(program, waiting + text);
  return async () => {
    await writeFile(program, text);
    await rm(hold);
  };
}

/** Repeats the request until the answer satisfies, or fails with the last one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  milliseconds = 120_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}
