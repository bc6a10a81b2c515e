import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const script = readFileSync(new URL("../../.ci/run", import.meta.url), "utf8");
// A suite that runs again on another DynamoDB engine counts only once.
const folders = script
  .split("\n")
  .filter((line) => line.includes('"${long[@]}"') && !line.includes("DYNAMODB_ENDPOINT="))
  .flatMap((line) => line.match(/\btest\/\S+/g) ?? []);

const suites = readdirSync(new URL("..", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".long.ts"))
  .map((path) => `test/${path}`);

test("the checkout has long suites", () => {
  expect(suites.length).toBeGreaterThan(5);
});

test.each(suites)(".ci/run runs %s", (suite) => {
  expect(folders.filter((folder) => suite.startsWith(folder))).toHaveLength(1);
});
