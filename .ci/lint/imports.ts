import { readdirSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { folderCircles } from "./folderCircles.ts";

/** The program and every folder of the checkout, so that a folder without a row in the table is also seen. */
const judged = readdirSync(".", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && /^(\.ci$|[^.])/.test(entry.name) && entry.name !== "node_modules")
  .map(({ name }) => name);

const options = await extractOptions("./.dependency-cruiser.js");
const { output } = await cruise(["index.ts", ...judged], options, undefined, {
  tsConfig: extractTSConfig("tsconfig.json"),
});
const { modules, summary } = output as ICruiseResult;

const comments = new Map(summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment]));
const problems = summary.violations.map(({ rule, from, to, cycle }) => {
  const way = cycle === undefined ? [from, to] : [from, ...cycle.map((module) => module.name)];
  return `${rule.name}: ${way.join(" → ")}\n    ${comments.get(rule.name) ?? ""}`;
});
const imports = modules.flatMap(({ source, dependencies }) =>
  dependencies
    .filter((dependency) => dependency.dependencyTypes.includes("local"))
    .map(({ resolved }) => [source, resolved] as const),
);
for (const circle of folderCircles(imports)) {
  const lines = circle.imports.map(([from, to]) => `\n    ${from} → ${to}`);
  problems.push(`no circle of folders: ${circle.folders.join(", ")}${lines.join("")}`);
}
for (const { source } of modules) {
  if (!/^test\/(?!support\/)/.test(source) || /\.(test|long)\.ts$/.test(source)) continue;
  problems.push(`test holds tests: ${source}\n    what tests share stands in test/support/, by the same path`);
}

for (const problem of problems) console.log(problem);
console.log(`${problems.length} problems in the imports of ${modules.length} files`);
process.exitCode = problems.length === 0 ? 0 : 1;
