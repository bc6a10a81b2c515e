/** Files that change nothing of what a deployment makes. Every other file is taken for a part of the program. */
const BESIDE = [
  /^(docs|test|bench|sandbox|operations|\.ci|\.github)\//,
  /^[^/]+\.md$/,
  /^(LICENSE|\.gitignore|\.editorconfig|\.prettierrc\.json|\.prettierignore|knip\.json|cspell\.config\.yaml|cspell\.words\.txt)$/,
  /^(eslint\.config\.js|\.dependency-cruiser\.js|vitest\.config\.ts|vitest\.long\.config\.ts)$/,
  // Only `pulumi import` reads it, once.
  /^Pulumi\.[^/]+\.import\.json$/,
];
const STACK_FILE = /^Pulumi\.(.+)\.yaml$/;

export interface Selection {
  /** The stacks to preview or deploy, sorted. */
  readonly stacks: readonly string[];
  /** Why: the program changed, so that every stack may; or stack files changed. */
  readonly reason: string;
  /** Stacks whose file is gone. Nothing previews or deploys them any more; their resources stay. */
  readonly removed: readonly string[];
}

/**
 * Which stacks a change concerns.
 * @param changed paths of changed files in the repository; both paths of a renamed file
 * @param stacks the stacks that have a file after the change, without examples
 */
export function selectStacks(changed: readonly string[], stacks: readonly string[]): Selection {
  const files = changed.map((path) => path.trim()).filter((path) => path !== "");
  const named = files.flatMap((path) => STACK_FILE.exec(path)?.slice(1) ?? []);
  const removed = [...new Set(named.filter((stack) => !stacks.includes(stack)))].sort();
  const program = files.find((path) => !STACK_FILE.test(path) && !BESIDE.some((beside) => beside.test(path)));
  if (program !== undefined)
    return { stacks: [...stacks].sort(), reason: `${program} changed, which concerns every stack`, removed };
  const concerned = stacks.filter((stack) => named.includes(stack)).sort();
  const reason =
    concerned.length === 0 ? "no stack file and no part of the program changed" : "their stack files changed";
  return { stacks: concerned, reason, removed };
}
