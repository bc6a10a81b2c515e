import { cp, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The folder of a new copy of the project, with `Pulumi.dev.yaml` alone. */
export async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-project-"));
  const parts = ["package.json", "index.ts", "components", "lambda", "policy", "operations", "Pulumi.yaml"];
  for (const part of [...parts, "Pulumi.dev.yaml", "tsconfig.json"]) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}
