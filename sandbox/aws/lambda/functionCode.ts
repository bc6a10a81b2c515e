import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import type { Archive } from "../../engine/provider.ts";

export interface UnpackedCode {
  readonly folder: string;
  /** The module that holds the handler. */
  readonly file: string;
}

/** Unpacks a function's code. @throws Error in Lambda's words if it has no module for the handler */
export function unpackCode(code: Archive, handler: string): UnpackedCode {
  const folder = unpack(code);
  const file = handlerFile(folder, handler);
  if (file !== undefined) return { folder, file };
  removeCode(folder);
  throw new Error(`Runtime.ImportModuleError: the code has no module for the handler ${handler}`);
}

export const removeCode = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Writes the archive into a new folder that belongs to no project, so that a bundle with something missing fails. */
function unpack(code: Archive): string {
  const outside = [...code.files.keys()].find((path) => normalize(path).split(sep)[0] === "..");
  if (outside !== undefined) throw new Error(`the code names a file outside of itself: ${outside}`);
  const folder = mkdtempSync(join(tmpdir(), "sandbox-function-"));
  for (const [path, text] of code.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function handlerFile(folder: string, handler: string): string | undefined {
  const base = join(folder, handler.slice(0, handler.lastIndexOf(".")));
  return [`${base}.js`, `${base}.mjs`, `${base}.cjs`].find((file) => existsSync(file));
}
