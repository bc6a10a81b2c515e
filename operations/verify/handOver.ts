import { readFile } from "node:fs/promises";
import process from "node:process";
import { z } from "zod";
import { renderHtml } from "./htmlReport.ts";
import { writeReport } from "./reportFile.ts";
import type { Verified } from "./verifyStack.ts";

const packageFile = new URL("../../package.json", import.meta.url);

/** Writes the checks as one HTML file. @throws ReportFileError */
export async function handOver(verified: Verified, file: string): Promise<void> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(packageFile, "utf8")));
  await writeReport(file, renderHtml(verified, { at: new Date(), version, node: process.versions.node }));
}
