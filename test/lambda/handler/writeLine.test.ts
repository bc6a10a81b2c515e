import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";

const entry = fileURLToPath(new URL("../../../lambda/handler/writeLine.ts", import.meta.url));

it("drops lines whose reader has gone, and the process goes on", async () => {
  const [{ text } = { text: "" }] = buildSync({
    ...{ entryPoints: [entry], bundle: true, platform: "node", format: "cjs", write: false },
  }).outputFiles;
  const work = `;const write = module.exports.writeLine;
  process.stdin.once("data", async () => {
    for (let count = 0; count < 3; count += 1) {
      write("x".repeat(100_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    require("node:fs").writeSync(2, "answered");
    process.exit(0);
  });`;
  const child = spawn(process.execPath, ["--eval", `${text}${work}`], { stdio: ["pipe", "pipe", "pipe"] });
  let told = "";
  child.stderr.on("data", (part: Buffer) => (told += part.toString()));
  child.stdout.destroy();
  await once(child.stdout, "close");
  child.stdin.end("go");
  const [code] = (await once(child, "close")) as [number];
  expect({ code, told }).toEqual({ code: 0, told: "answered" });
});
