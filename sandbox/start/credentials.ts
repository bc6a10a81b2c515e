import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface HeaderFile {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * A header file for curl that only this user can read, so that the token appears on no screen and in no process list.
 */
export async function writeHeaderFile(authorization: string): Promise<HeaderFile> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-"));
  const path = join(folder, "headers");
  await writeFile(path, `Authorization: ${authorization}\n`, { mode: 0o600 });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
