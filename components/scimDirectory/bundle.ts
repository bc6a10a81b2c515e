import { buildSync, type BuildOptions } from "esbuild";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";

export const functionEntry = fileURLToPath(new URL("../../lambda/handler/index.ts", import.meta.url));

/** How a file becomes the text of one CommonJS module that contains everything it imports. The same sources give the same bytes. */
export const bundleOptions = (entryPoint: string) =>
  ({
    entryPoints: [entryPoint],
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    bundle: true,
    platform: "node",
    target: "node20",
    // CommonJS loads a millisecond faster than an ES module, and runs packages that are CommonJS as they are.
    format: "cjs",
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
  }) as const satisfies BuildOptions;

/** The function's code. A preview shows a change only when the code changed. */
export function bundleFunction(): pulumi.asset.AssetArchive {
  const { outputFiles } = buildSync(bundleOptions(functionEntry));
  const code = outputFiles.map((file) => file.text).join("");
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(code) });
}
