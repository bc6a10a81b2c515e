import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A report that cannot be written to its file. The message says why, and what to do. */
export class ReportFileError extends Error {
  override readonly name = "ReportFileError";
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist. Create the folder first",
  ENOTDIR: "a part of its path is a file, not a folder. Name another path",
  EISDIR: "it is a folder. Name a file in it",
  EACCES: "this user may not write there. Name a file in another folder",
  EPERM: "this user may not write there. Name a file in another folder",
  EROFS: "that file system is read-only. Name a file in another folder",
  ENOSPC: "no space is left on that disk. Free some, or name a file on another one",
  ENAMETOOLONG: "its name is too long. Name a shorter one",
};

function failure(file: string, cause: unknown): ReportFileError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new ReportFileError(`--html cannot write ${file}: ${reasons[code] ?? `the system answers ${code}`}.`, {
    cause,
  });
}

const found = (path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> =>
  stat(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });

/**
 * Checks that a report can be written, before the minutes that a large tenant takes. It writes nothing.
 * @throws ReportFileError
 */
export async function checkReportFile(file: string): Promise<void> {
  try {
    const there = await found(file);
    if (there?.isDirectory() === true) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    await access(there === undefined ? dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw failure(file, error);
  }
}

/** Writes a report; an older one is replaced. @throws ReportFileError */
export async function writeReport(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw failure(file, error);
  });
}
