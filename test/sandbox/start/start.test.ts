import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { missingEngine } from "../../../sandbox/aws/dynamodb/engine.ts";
import { parseStartOptions, usage } from "../../../sandbox/start/options.ts";
import { PAGE, PortError, choosePort, SCIM_SERVICE } from "../../../sandbox/start/ports.ts";
import { listen, shut } from "../../../sandbox/support/http.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the start command as npm does, in a Node.js that may claim another version. */
function start(options: readonly string[], version?: string): Promise<Ended> {
  const claim = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version ?? ""}" } })`;
  const pretend = version === undefined ? [] : ["--import", `data:text/javascript,${encodeURIComponent(claim)}`];
  const child = spawn(process.execPath, [...pretend, "sandbox/cli/launch.mjs", "sandbox/cli/start.ts", ...options], {
    cwd: root,
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

describe("npm start", () => {
  it("prints its usage for --help and exits with 0", async () => {
    expect(await start(["--help"])).toEqual({ code: 0, out: `${usage}\n`, err: "" });
  });

  it.each([
    [["--bogus"], "error: Unknown option '--bogus'"],
    [["--port", "abc"], 'error: --port takes a whole number from 0 to 65535, not "abc"'],
    [["--config", "x"], 'error: --config takes KEY=VALUE, not "x"'],
    [["--faults", "x"], 'error: --faults: "x" is neither a kind of fault nor a setting.'],
  ])("prints the error and its usage for %j", async (options, message) => {
    const { code, out, err } = await start(options);
    expect([code, out]).toEqual([2, ""]);
    expect(err.startsWith(message)).toBe(true);
    expect(err.endsWith(`\n\n${usage}\n`)).toBe(true);
  });

  it.each(["18.20.4", "20.18.3", "16.0.0"])("refuses Node.js %s before it loads anything", async (version) => {
    expect(await start(["--help"], version)).toEqual({
      code: 1,
      out: "",
      err:
        `error: Node.js ${version} is too old. This project needs Node.js 20.19 or later. Install a newer version ` +
        `(https://nodejs.org, or "nvm install" in this folder), then run "npm ci" again.\n`,
    });
  });

  it("reports every mistake in the configuration before it starts anything", async () => {
    const { code, out } = await start(["--config", "tenant=XX", "--config", "stage=test"]);
    expect(code).toBe(1);
    expect(out).toContain("(2 problems)");
    expect(out).not.toMatch(/DynamoDB|deployment/);
  });

  it("says in one sentence that the port is taken", async () => {
    const server = createServer();
    const port = await listen(server, 0);
    const { code, out } = await start(["--port", String(port)]);
    await shut(server);
    expect(code).toBe(1);
    expect(out).toContain(
      `error: Port ${port} is taken by another process. Choose another port with --port N, or any free one with --port 0.`,
    );
    expect(out).not.toContain("EADDRINUSE");
  });
});

describe("the port of the SCIM service", () => {
  it("is a free one, without an error, if the default port is taken", async () => {
    const server = createServer();
    // Another tenant on this machine may already use it.
    await listen(server, SCIM_SERVICE.usual).catch(() => undefined);
    const notices: string[] = [];
    expect(await choosePort(SCIM_SERVICE, undefined, (text) => notices.push(text))).toBe(0);
    await shut(server);
    expect(notices).toEqual([`Port ${SCIM_SERVICE.usual} is taken; the SCIM service uses a free one.`]);
  });

  it.each([SCIM_SERVICE, PAGE])(
    "is a free one if the default port $usual is requested for the other part",
    async (served) => {
      const notices: string[] = [];
      expect(await choosePort(served, undefined, (text) => notices.push(text), served.usual)).toBe(0);
      expect(notices).toEqual([`Port ${served.usual} is taken; ${served.name} uses a free one.`]);
    },
  );

  it("keeps the cause of a refusal", async () => {
    const server = createServer();
    const port = await listen(server, 0);
    const refused = await choosePort(PAGE, port, () => undefined).catch((error: unknown) => error);
    await shut(server);
    expect(refused).toBeInstanceOf(PortError);
    expect(refused).toMatchObject({ name: "PortError", cause: { code: "EADDRINUSE" } });
    expect(String(refused)).toBe(
      `PortError: Port ${port} is taken by another process. Choose another port with --page-port N, or any free one with --page-port 0.`,
    );
  });
});

describe("the options", () => {
  it("have defaults", () => {
    expect(parseStartOptions([])).toEqual({
      typed: [],
      stack: "dev",
      org: "declared",
      config: new Map(),
      port: undefined,
      pagePort: undefined,
      seed: 25,
      showSecrets: false,
      exit: false,
      json: false,
      trace: false,
      faults: undefined,
      routes: new Map(),
      quirks: {
        rulesLockedEvery: 0,
        ruleLifecycleLockedEvery: 0,
        failedMappingsLocked: false,
        putForgetsScim: false,
        appUsersWithoutReason: false,
      },
    });
  });

  it("are kept as they were typed, for a shell, without the page's port and without secrets", () => {
    const args = ["--port", "0", "--page-port=9001", "--config", `tenant=it's`, "--seed=30", "--trace"];
    const secret = ["--config", 'endpoint={"kind":"external","token":"s3cret"}'];
    expect(parseStartOptions([...args, ...secret])).toMatchObject({
      typed: [
        "--port 0",
        String.raw`--config 'tenant=it'\''s'`,
        "--seed 30",
        "--trace",
        "--config 'endpoint=[secret]'",
      ],
    });
  });

  it.each([
    [["--page-port", "-1"], "--page-port takes a value; one that starts with - is written --page-port=VALUE"],
    [["--config"], "--config takes a value; one that starts with - is written --config=VALUE"],
    [["--page-port=-1"], '--page-port takes a whole number from 0 to 65535, not "-1"'],
  ])("name what is wrong with %j", (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(message);
  });

  it("bring up an org that was connected by hand, to a directory whose stack leaves Okta alone", () => {
    expect(parseStartOptions(["--org", "handmade", "--config", "tenant=other"])).toMatchObject({
      org: "handmade",
      config: new Map([
        ["oktaHalf", "byHand"],
        ["pushGroups", JSON.stringify(["Developers", { name: "Designers", targetName: "Design" }])],
        ["tenant", "other"],
      ]),
    });
    expect(() => parseStartOptions(["--org", "mine"])).toThrow('--org takes handmade, not "mine"');
  });

  it("let the page have a free port if the service has one, unless its own port is named", () => {
    const ports = (...args: string[]) => parseStartOptions(args);
    expect(ports("--port", "0")).toMatchObject({ port: 0, pagePort: 0 });
    expect(ports("--port", "9000")).toMatchObject({ port: 9000, pagePort: undefined });
    expect(ports("--port", "0", "--page-port", "9001")).toMatchObject({ port: 0, pagePort: 9001 });
    expect(() => ports("--page-port", "65536")).toThrow(
      '--page-port takes a whole number from 0 to 65535, not "65536"',
    );
  });

  it("refuse one port for both the service and the page, except any free one", () => {
    expect(() => parseStartOptions(["--port", "9000", "--page-port=9000"])).toThrow(
      "--port and --page-port are both 9000; choose two ports, or any free one with 0",
    );
    expect(parseStartOptions(["--port", "0", "--page-port", "0"])).toMatchObject({ port: 0, pagePort: 0 });
  });

  it("set the number of people", () => {
    expect(parseStartOptions(["--seed", "10000"])).toMatchObject({ seed: 10_000 });
    for (const wrong of ["0", "10001", "1.5", "", "many", "-1"])
      expect(() => parseStartOptions([`--seed=${wrong}`])).toThrow(
        `--seed takes a whole number from 1 to 10000, not "${wrong}"`,
      );
  });

  it("set the awkward behaviour of the Okta org, and name every wrong option", () => {
    const option = (...pairs: string[]) => parseStartOptions(pairs.flatMap((pair) => ["--org-option", pair]));
    expect(option("putForgetsScim=true", "ruleLifecycleLockedEvery=3")).toMatchObject({
      quirks: { putForgetsScim: true, ruleLifecycleLockedEvery: 3, rulesLockedEvery: 0 },
    });
    expect(() => option("rulesLockedEvery=-1", "slow=true")).toThrow(
      /rulesLockedEvery=-1: allowed: N: [^]*slow: unknown; allowed: rulesLockedEvery, /,
    );
  });

  it("lead public hosts to servers of this machine, and nowhere else", () => {
    const routes = parseStartOptions(["--route", "hooks.example.com=http://127.0.0.1:9000"]);
    expect(routes).toMatchObject({ routes: new Map([["hooks.example.com", "http://127.0.0.1:9000"]]) });
    for (const wrong of ["hooks=https://127.0.0.1", "Hooks=http://127.0.0.1", "hooks=http://10.0.0.1", "hooks=nothing"])
      expect(() => parseStartOptions(["--route", wrong])).toThrow("--route takes HOST=http://127.0.0.1:PORT");
  });

  it("are read; the last value of a configuration key wins", () => {
    expect(
      parseStartOptions(["--config", "a=1", "--config", "a=b=c", "--port", "0", "--faults", "cut,seed=3"]),
    ).toMatchObject({ config: new Map([["a", "b=c"]]), port: 0, faults: { kinds: ["cut"], seed: 3, rate: 0.02 } });
  });
});

describe("a machine without the engine", () => {
  const other =
    "start a DynamoDB that supports transactions, such as DynamoDB Local, and set DYNAMODB_ENDPOINT to its address.";

  it("is told to install it if it exists for the machine", () => {
    expect(missingEngine("linux", "x64")).toBe(
      `The DynamoDB engine @dynoxide/linux-x64 is not installed. Run "npm ci --include=optional", or ${other}`,
    );
  });

  it("is told the alternatives on other machines", () => {
    expect(missingEngine("darwin", "arm64")).toBe(
      `There is no DynamoDB engine for darwin on arm64. Run this on Linux x64, or ${other}`,
    );
  });
});
