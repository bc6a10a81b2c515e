import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "okta-scim-house-"));
let report = "";
/** Built from parts, so that this file itself has no misspelt word. */
const misspelt = ["com", "ent"].join("");

const statements = (count: number): string => Array.from({ length: count }, (_, at) => `  sum += ${at};`).join("\n");
const importing = (path: string): string =>
  `import type * as planted from "${path}";\nexport type Planted = typeof planted;\n`;

/** A file that breaks the table of rooms, and the room whose row rejects it. */
const wrongImports: readonly [room: string, file: string, imported: string][] = [
  ["lambda", "lambda/http/planted.ts", "../../sandbox/engine/values.ts"],
  ["lambda/scim", "lambda/scim/schema/planted.ts", "../../directory/keys.ts"],
  ["lambda/directory", "lambda/directory/planted.ts", "../scim/schema/index.ts"],
  ["lambda/query", "lambda/query/planted.ts", "../directory/keys.ts"],
  ["lambda/service", "lambda/service/planted.ts", "../http/routes.ts"],
  ["lambda/http", "lambda/http/planted2.ts", "../directory/keys.ts"],
  ["lambda/model.ts", "lambda/model.ts", "./scim/schema/index.ts"],
  ["lambda/contract.ts", "lambda/contract.ts", "./directory/keys.ts"],
  ["index.ts", "index.ts", "./lambda/contract.ts"],
  ["components/config", "components/config/planted.ts", "../scimDirectory/table.ts"],
  ["components/scimDirectory", "components/scimDirectory/planted.ts", "../oktaIntegration/app.ts"],
  ["components/oktaIntegration", "components/oktaIntegration/planted.ts", "../scimDirectory/table.ts"],
  ["operations", "operations/fleet/planted.ts", "../../components/oktaIntegration/app.ts"],
  ["sandbox", "sandbox/tenant/planted.ts", "../../lambda/contract.ts"],
  ["policy", "policy/planted.ts", "../lambda/contract.ts"],
  ["bench", "bench/planted.ts", "../operations/live/stack.ts"],
  ["no such room", "attic/planted.ts", "../lambda/contract.ts"],
];

beforeAll(() => {
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
  for (const file of files) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const plant = (file: string, text: string): void => {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text, { flag: "a" });
  };
  for (const [, file, imported] of wrongImports) plant(file, importing(imported));
  plant("sandbox/tenant/one.ts", importing("./two.ts"));
  plant("sandbox/tenant/two.ts", importing("./one.ts"));
  plant("operations/left/a.ts", importing("../right/a.ts"));
  plant("operations/right/b.ts", importing("../left/b.ts"));
  plant("operations/right/a.ts", "export type A = 1;\n");
  plant("operations/left/b.ts", "export type B = 1;\n");
  plant("sandbox/tenant/outputs.ts", "\nexport function plantedAndUnused(): number {\n  return 1;\n}\n");
  plant(
    "policy/long.ts",
    `export function plantedLong(): number {\n  let sum = 0;\n${statements(86)}\n  return sum;\n}\n`,
  );
  plant("policy/large.ts", "export {};\n".repeat(260));
  plant("policy/misspelt.ts", `// This ${misspelt} has a mistake.\nexport {};\n`);
  plant("policy/error.ts", "export class PlantedError extends Error {\n  constructor() {\n    super('x');\n  }\n}\n");
  const lint = spawnSync("npm", ["run", "--silent", "lint"], { cwd: copy, encoding: "utf8", maxBuffer: 1 << 26 });
  report = lint.stdout + lint.stderr;
  expect(lint.status).toBe(1);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** The report's paragraph of a file in ESLint's part. */
const findings = (file: string): string => report.split(`/${file}\n`)[1]?.split("\n\n")[0] ?? "";

describe("npm run lint refuses", () => {
  test.each(wrongImports)("an import that the row of %s does not allow: %s", (room, file) => {
    expect(report).toMatch(
      new RegExp(`^house: ${room.replaceAll(".", "\\.")}[^\n]*: ${file.replaceAll(".", "\\.")} → `, "m"),
    );
  });

  test("a circle of two files", () => {
    expect(report).toMatch(/^no circle of files: sandbox\/tenant\/(one|two)\.ts → /m);
  });

  test("a circle of two folders", () => {
    expect(report).toContain("no circle of folders: operations/left, operations/right");
  });

  test("an exported function that nobody uses", () => {
    expect(report).toMatch(/Unused exports[\s\S]*plantedAndUnused/);
  });

  test("a function of 90 lines", () => {
    expect(findings("policy/long.ts")).toContain("house/function-length");
  });

  test("a file of 260 lines", () => {
    expect(findings("policy/large.ts")).toContain("max-lines");
  });

  test("an error class without its name and its cause", () => {
    expect(findings("policy/error.ts").match(/house\/error-class/g)).toHaveLength(2);
  });

  test("a misspelt comment", () => {
    expect(report).toContain(`policy/misspelt.ts:1:9 - Unknown word (${misspelt})`);
  });

  test("and names the parts that found something", () => {
    expect(report).toContain("lint failed: code, imports, unused, spelling");
  });
});
