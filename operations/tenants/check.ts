import { problemLine } from "../../components/config/errors.ts";
import { collisions } from "./collisions.ts";
import { readTenants, type FileProblem } from "./stacks.ts";

/** The result of `tenants check`. */
export interface CheckResult {
  readonly ok: boolean;
  /** Number of stack files. */
  readonly files: number;
  readonly problems: readonly FileProblem[];
  readonly notes: readonly { readonly file: string; readonly text: string }[];
}

/**
 * Checks every stack file of the folder: first each by itself, then values that two tenants must not share. It reads
 * only files: no network, no credentials, no Pulumi.
 */
export async function checkTenants(root: string): Promise<CheckResult> {
  const { count, tenants, problems, notes } = await readTenants(root);
  const all = [...problems, ...collisions(tenants)].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { ok: all.length === 0, files: count, problems: all, notes };
}

/** The result as lines for people. */
export function checkLines({ ok, files, problems, notes }: CheckResult): string[] {
  const wrong = problems.map((problem) => `${problem.file}: ${problemLine(problem)}`);
  const open = notes.map(({ file, text }) => `${file}: ${text}`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const checked = files === 1 ? "1 stack file" : `${files} stack files`;
  return [...wrong, ...open, ok ? `${checked}: nothing is wrong` : `${checked}: ${count}`];
}
