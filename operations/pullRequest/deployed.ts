import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GitHubError, listSuccessfulRuns, type Access } from "./github.ts";

const run = promisify(execFile);
/** Bytes of a list of changed paths. */
const LONGEST_LIST = 64 * 1024 * 1024;

export type Since =
  /** Paths that differ from the last deployed commit; both paths of a renamed file. */
  | { readonly changed: readonly string[] }
  /** Nobody knows which commit is deployed, or it is not in this history: every stack may differ. */
  | { readonly unknown: string }
  /** A later commit is deployed already. */
  | { readonly newer: string };

/** Where a run of the deployment takes place. */
export interface Deployment {
  /** Folder of the checkout, with its whole history. */
  readonly folder: string;
  /** The commit that is being deployed. */
  readonly commit: string;
  readonly branch: string;
  /** The workflow's file in `.github/workflows`. */
  readonly workflow: string;
}

/**
 * What differs from the last commit whose deployment succeeded. The commit before a push is not compared with: its own
 * deployment may have failed or may have been cancelled, and its changes would never be deployed.
 */
export async function changedSinceDeployed(
  access: Access,
  { folder, commit, branch, workflow }: Deployment,
): Promise<Since> {
  let deployed: string | undefined;
  try {
    [deployed] = await listSuccessfulRuns(access, { branch, workflow });
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { unknown: error.message };
  }
  if (deployed === undefined) return { unknown: `no run of ${workflow} on ${branch} has succeeded yet` };
  const git = async (...options: string[]): Promise<string> =>
    (await run("git", options, { cwd: folder, maxBuffer: LONGEST_LIST })).stdout;
  const isAncestor = (older: string, later: string): Promise<boolean> =>
    git("merge-base", "--is-ancestor", older, later).then(
      () => true,
      () => false, // also if the checkout does not have the commit
    );
  if (await isAncestor(deployed, commit)) {
    const paths = await git("diff", "--name-only", "--no-renames", "-z", deployed, commit);
    return { changed: paths.split("\0") };
  }
  if (await isAncestor(commit, deployed)) return { newer: deployed };
  return { unknown: `the deployed commit ${deployed} is not in the history of ${branch}` };
}

/** The workflow's file and the branch, as `GITHUB_WORKFLOW_REF` names them (`owner/name/.github/workflows/FILE@refs/heads/BRANCH`). */
export function workflowOf(reference: string): Pick<Deployment, "workflow" | "branch"> | undefined {
  const [, workflow, branch] = /\/\.github\/workflows\/([^/@]+)@refs\/heads\/(.+)$/.exec(reference) ?? [];
  return workflow === undefined || branch === undefined ? undefined : { workflow, branch };
}
