import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Archive } from "../../sandbox/engine/provider.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUNDLE = `
  const { bundleFunction } = await import("./components/scimDirectory/bundle.ts");
  const assets = await bundleFunction().assets;
  const files = await Promise.all(Object.entries(assets).map(async ([path, asset]) => [path, await asset.text]));
  process.stdout.write(JSON.stringify(files));`;

const bundled = z.array(z.tuple([z.string(), z.string()]));

/** Whether Git knows a commit by this name. */
export const isCommit = (ref: string): boolean =>
  spawnSync("git", ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], { cwd: ROOT }).status === 0;

/**
 * The function's code as a commit bundles it, with the packages that are installed here.
 * @throws Error if its code needs a package that is not installed
 */
export function codeOf(ref: string): Archive {
  // Inside the checkout, so that `import` finds the packages.
  const folder = mkdtempSync(join(ROOT, ".tmp-against-"));
  try {
    const archive = execFileSync("git", ["archive", ref, "components", "lambda", "package.json", "tsconfig.json"], {
      cwd: ROOT,
      maxBuffer: 1e9,
    });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const script = ["--import", "tsx", "--input-type=module", "--eval", BUNDLE];
    const text = execFileSync(process.execPath, script, { cwd: folder, encoding: "utf8", maxBuffer: 1e9 });
    return new Archive(new Map(bundled.parse(JSON.parse(text))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
