import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pathWithCli } from "../../../operations/live/pulumiCli.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs a command as its npm script does, without npm. */
function run(command: string, args: readonly string[], environment: Record<string, string> = {}) {
  const script = join(root, "operations", "cli", `${command}.ts`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}

describe("the Pulumi CLI of a command", () => {
  it("is the user's own: PULUMI_BIN first, and nothing that npm puts on PATH", () => {
    const PATH = ["/repo/node_modules/.bin", "/npm/node-gyp-bin", "/usr/local/bin", "/usr/bin"].join(delimiter);
    expect(pathWithCli({ PATH })).toBe(["/usr/local/bin", "/usr/bin"].join(delimiter));
    expect(pathWithCli({ PATH, PULUMI_BIN: "/opt/pulumi" })).toBe(
      ["/opt/pulumi", "/usr/local/bin", "/usr/bin"].join(delimiter),
    );
  });

  it("is asked for in one sentence if there is none", () => {
    const folder = mkdtempSync(join(tmpdir(), "no-pulumi-"));
    const PATH = [join(root, "node_modules", ".bin"), folder].join(delimiter);
    const { status, stderr } = run("next-steps", ["--stack", "acme"], { PATH, PULUMI_BIN: "" });
    rmSync(folder, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toBe(
      "error: the Pulumi CLI is not on PATH: install it (https://www.pulumi.com/docs/install/), or name its folder in PULUMI_BIN, and log in as for pulumi up\n",
    );
  });
});

describe("npm run next-steps", () => {
  const withOutputs = (outputs: object) => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-"));
    const answers = { version: "v3.248.0", config: {}, stack: outputs };
    const script = join(folder, "pulumi.mjs");
    writeFileSync(
      script,
      `console.log((a => typeof a === "string" ? a : JSON.stringify(a))(${JSON.stringify(answers)}[process.argv[2]]));`,
    );
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
    chmodSync(join(folder, "pulumi"), 0o700);
    const result = run("next-steps", ["--stack", "acme"], { PULUMI_BIN: folder });
    rmSync(folder, { recursive: true });
    return result;
  };

  it("prints the steps as numbered lines", () => {
    const nextSteps = Array.from({ length: 10 }, (_, index) => `Do ${index}`);
    const { status, stdout } = withOutputs({ nextSteps });
    expect(status).toBe(0);
    expect(stdout.split("\n")).toEqual([
      ...nextSteps.slice(0, 9).map((step, i) => ` ${i + 1}. ${step}`),
      "10. Do 9",
      "",
    ]);
  });

  it("says so if nothing is left to do, and if the stack was never deployed", () => {
    expect(withOutputs({ nextSteps: [] }).stdout).toBe("Nothing is left to do.\n");
    const { status, stderr } = withOutputs({});
    expect(status).toBe(2);
    expect(stderr).toBe('error: the stack acme has no steps yet: deploy it once with "pulumi up --stack acme"\n');
  });
});
