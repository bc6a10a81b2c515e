import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStack } from "../../../sandbox/engine/stackFile.ts";

describe("readStack", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "stack-"));
    const project =
      "name: demo\nruntime: nodejs\nconfig:\n  demo:size: {type: integer, default: 3}\n  kind: {default: {a: 1}}\n  demo:name: {type: string}\n";
    writeFileSync(join(root, "Pulumi.yaml"), project);
    writeFileSync(
      join(root, "Pulumi.dev.yaml"),
      "config:\n  aws:region: us-east-1\n  demo:size: 5\n  demo:list: [x]\n",
    );
    writeFileSync(join(root, "Pulumi.safe.yaml"), "config:\n  demo:word:\n    secure: v1:abc\n");
    writeFileSync(join(root, "Pulumi.bare.yaml"), "");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("merges the stack's values over the project's defaults, as text or JSON", async () => {
    expect(await readStack(root, "dev")).toEqual({
      project: "demo",
      values: { "demo:size": "5", "demo:kind": '{"a":1}', "aws:region": "us-east-1", "demo:list": '["x"]' },
      secretKeys: [],
      written: ["aws:region", "demo:size", "demo:list"],
    });
  });

  test("reads an empty stack file as only the defaults", async () => {
    expect((await readStack(root, "bare")).values).toEqual({ "demo:size": "3", "demo:kind": '{"a":1}' });
  });

  test("rejects an encrypted value and says how to pass it, which works", async () => {
    await expect(readStack(root, "safe")).rejects.toThrow(
      "Pulumi.safe.yaml: demo:word is encrypted, and only the Pulumi CLI can decrypt it; start with --config 'word=…', which gives the sandbox another value",
    );
    for (const key of ["word", "demo:word"])
      expect(await readStack(root, "safe", [key])).toEqual({
        ...{ project: "demo", secretKeys: [], written: ["demo:word"] },
        values: { "demo:size": "3", "demo:kind": '{"a":1}' },
      });
    await expect(readStack(root, "safe", ["size", "other:word"])).rejects.toThrow("demo:word is encrypted");
  });

  test("rejects a stack without a file and names the existing stacks", async () => {
    await expect(readStack(root, "other")).rejects.toThrow(
      /^there is no Pulumi\.other\.yaml; the stacks here are .*dev/,
    );
  });
});
