import { afterAll, describe, expect, it } from "vitest";
import { createFunctionHost } from "../../../sandbox/aws/lambda/functionHost.ts";
import type { FunctionSpec } from "../../../sandbox/aws/lambda/functionSpec.ts";
import { FunctionPool, type Invocation } from "../../../sandbox/aws/lambda/functionPool.ts";
import { Archive } from "../../../sandbox/engine/provider.ts";
import { codeOf } from "../../support/sandbox/aws/stack.ts";

const lines: string[] = [];
const host = createFunctionHost({
  region: "eu-west-1",
  endpoint: "http://127.0.0.1:1",
  onLog: ({ function: name, line }) => lines.push(`${name}: ${line}`),
});
afterAll(() => host.close());

function deploy(name: string, code: string, more: Partial<FunctionSpec> = {}): void {
  host.deploy({
    name,
    arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
    code: codeOf(code),
    handler: "index.handler",
    runtime: "nodejs24.x",
    memorySize: 256,
    timeout: 5,
    reservedConcurrency: undefined,
    environment: {},
    credentials: { accessKeyId: "AKIAX", secretAccessKey: "secret" },
    ...more,
  });
}

function payload(invocation: Invocation): unknown {
  if (invocation.kind !== "answer") throw new Error(JSON.stringify(invocation));
  return JSON.parse(invocation.payload);
}

const alive = (pid: unknown): boolean => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

describe("the function host", () => {
  it("gives a function only its declared environment and what Lambda adds", async () => {
    deploy("env", "export const handler = async () => process.env;", { environment: { TABLE_NAME: "users" } });
    expect(payload(await host.invoke("env", {}))).toEqual({
      TABLE_NAME: "users",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAX",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
      AWS_LAMBDA_FUNCTION_NAME: "env",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      NODE_NO_WARNINGS: "1",
    });
  });

  it("hides packages that the archive does not hold", async () => {
    deploy("bare", 'import "zod"; export const handler = async () => 1;');
    expect(await host.invoke("bare", {})).toMatchObject({
      kind: "failure",
      errorMessage: expect.stringContaining("zod") as string,
    });
  });

  it("passes the event and a context", async () => {
    deploy(
      "echo",
      "export const handler = async (event, c) => [event, c.functionName, c.awsRequestId.length, c.getRemainingTimeInMillis()];",
      { timeout: 60 },
    );
    const [event, name, length, left] = payload(await host.invoke("echo", { a: "ü" })) as [
      unknown,
      string,
      number,
      number,
    ];
    expect([event, name, length]).toEqual([{ a: "ü" }, "echo", 36]);
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it("gives each concurrent request its own process and reuses idle ones", async () => {
    deploy(
      "pids",
      "export const handler = async () => { await new Promise((r) => setTimeout(r, 150)); return process.pid; };",
    );
    const first = await Promise.all([1, 2, 3].map(async () => payload(await host.invoke("pids", {}))));
    expect(new Set(first).size).toBe(3);
    expect(first).toContain(payload(await host.invoke("pids", {})));
  });

  it("throttles requests past the reserved concurrency after a short wait", async () => {
    const code = "export const handler = async (ms) => { await new Promise((r) => setTimeout(r, ms)); return ms; };";
    deploy("one", code, { reservedConcurrency: 1 });
    await host.invoke("one", 0);
    const [, late] = await Promise.all([host.invoke("one", 1500), host.invoke("one", 1)]);
    expect(late).toEqual({ kind: "throttled" });
  });

  it("lets a request wait until the process of another one is free", async () => {
    const ends: (() => void)[] = [];
    const pool = new FunctionPool({
      start: () => ({
        alive: true,
        usage: { peakMemory: 0, cpu: 0 },
        invoke: (event) => new Promise((resolve) => ends.push(() => resolve({ kind: "answer", payload: event }))),
        stop: () => Promise.resolve(),
      }),
      concurrency: 1,
      patience: 60_000,
    });
    for (const request of [pool.invoke("1"), pool.invoke("2")]) {
      await expect.poll(() => ends.length).toBe(1);
      ends.shift()?.();
      expect((await request).kind).toBe("answer");
    }
  });

  it("kills a function at its timeout and serves the next request with a new process", async () => {
    deploy(
      "slow",
      "console.log(process.pid); export const handler = async (ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms; };",
      {
        timeout: 1,
      },
    );
    expect(await host.invoke("slow", 60_000)).toMatchObject({
      kind: "timeout",
      errorMessage: expect.stringContaining("timed out after 1.00 seconds") as string,
    });
    const pid = (): string | undefined => lines.find((line) => line.startsWith("slow: "))?.slice(6);
    await expect.poll(pid).toBeDefined();
    expect(alive(pid())).toBe(false);
    // A busy machine may need more than the second for this one, too.
    await expect.poll(() => host.invoke("slow", 0)).toEqual({ kind: "answer", payload: "0" });
  });

  it("kills a function that uses more memory than it declares", async () => {
    const code =
      "export const handler = async () => { globalThis.b = Buffer.alloc(300e6, 1); await new Promise((r) => setTimeout(r, 60_000)); };";
    deploy("fat", code, { memorySize: 128, timeout: 60 });
    expect(await host.invoke("fat", {})).toMatchObject({ kind: "failure", errorType: "Runtime.OutOfMemory" });
  });

  it("reports a handler's error, and a process that exits", async () => {
    deploy("throws", 'export const handler = async () => { console.log("before"); throw new TypeError("no"); };');
    expect(await host.invoke("throws", {})).toEqual({ kind: "failure", errorType: "TypeError", errorMessage: "no" });
    await expect.poll(() => lines).toContain("throws: before");
    deploy("exits", "export const handler = async () => process.exit(3);");
    expect(await host.invoke("exits", {})).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("status 3") as string,
    });
  });

  it("lets a running request end with the old code and gives the next the new", async () => {
    const code = (n: number): string =>
      `export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return [${n}, process.pid]; };`;
    deploy("versions", code(1));
    const running = host.invoke("versions", {});
    deploy("versions", code(2));
    const [[one, pid], [two]] = [
      payload(await running) as [number, number],
      payload(await host.invoke("versions", {})) as [number, number],
    ];
    expect([one, two]).toEqual([1, 2]);
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it("refuses events and answers over 6 MB", async () => {
    deploy("big", 'export const handler = async (n) => "x".repeat(n);');
    expect(await host.invoke("big", "x".repeat(6 * 1024 * 1024))).toEqual({ kind: "tooLarge" });
    expect(await host.invoke("big", 6 * 1024 * 1024)).toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
  });

  it("rejects what Lambda would refuse to deploy", () => {
    const code = "export const handler = async () => 1;";
    expect(() => deploy("x", code, { runtime: "python3.13" })).toThrow("nodejs20.x to nodejs24.x");
    expect(() => deploy("x", code, { environment: { AWS_REGION: "x" } })).toThrow(
      "Reserved keys used in this request: AWS_REGION",
    );
    expect(() => deploy("x", code, { environment: { A: "x".repeat(4096) } })).toThrow("4097 bytes");
    expect(() => deploy("x", code, { handler: "main.handler" })).toThrow("no module for the handler main.handler");
    expect(() => deploy("x", code, { code: new Archive(new Map([["../x.mjs", ""]])) })).toThrow("outside of itself");
  });

  it("leaves no process after close", async () => {
    const own = createFunctionHost({ region: "eu-west-1", endpoint: "", onLog: () => undefined });
    const spec = {
      handler: "index.handler",
      runtime: "nodejs20.x",
      memorySize: 256,
      timeout: 30,
      reservedConcurrency: undefined,
    };
    own.deploy({
      ...spec,
      name: "n",
      arn: "arn:aws:lambda:eu-west-1:000000000000:function:n",
      code: codeOf(
        "export const handler = async (ms) => { await new Promise((r) => setTimeout(r, ms)); return process.pid; };",
      ),
      environment: {},
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const pid = payload(await own.invoke("n", 0));
    const running = own.invoke("n", 60_000);
    await own.close();
    expect((await running).kind).toBe("failure");
    expect(alive(pid)).toBe(false);
  });
});
