import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";

/** Credential providers that a function does not need, because its credentials come from its environment. */
const unreachable = [
  ...["sso", "ini", "process", "web-identity", "login", "http"].map((n) => `@aws-sdk/credential-provider-${n}`),
  "@smithy/credential-provider-imds",
  "@aws-sdk/nested-clients/*",
  "@aws-sdk/token-providers",
];

/** The text of one ES module that contains everything a file imports. The same sources give the same bytes. */
function bundle(entryPoint: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entryPoint],
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // The SDK's ES modules: its CommonJS form needs a `require`, which an ES module does not have.
    mainFields: ["module", "main"],
    external: unreachable,
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  return outputFiles.map((file) => file.text).join("");
}

/** The function's code. A preview shows a change only when the code changed. */
export function bundleFunction(): pulumi.asset.AssetArchive {
  const code = bundle(fileURLToPath(new URL("../../lambda/handler/index.ts", import.meta.url)));
  return new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) });
}
