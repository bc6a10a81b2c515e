import { isMarked, renderUnconcerned, stackOf } from "./comment.ts";
import { createComment, deleteComment, GitHubError, listComments, updateComment, type Access } from "./github.ts";

/** The account that a workflow's own token writes as. */
export const ACTIONS = "github-actions[bot]";

const isGone = (error: unknown): boolean => error instanceof GitHubError && error.status === 404;

/**
 * Makes `body` the one comment of a stack: edits the one that this account wrote before, and removes further ones, which two
 * jobs at the same time can leave.
 * @param author account whose comments are its own; nobody else's comment is ever edited
 * @throws GitHubError if GitHub refuses
 */
export async function publish(
  access: Access,
  { pullRequest, stack, body, author = ACTIONS }: { pullRequest: number; stack: string; body: string; author?: string },
): Promise<"created" | "edited"> {
  const comments = await listComments(access, pullRequest);
  const [own, ...others] = comments.filter((comment) => comment.author === author && isMarked(comment.body, stack));
  if (own === undefined) {
    await createComment(access, pullRequest, body);
    return "created";
  }
  // A job at the same time may have removed either as a further one.
  for (const { id } of others) {
    await deleteComment(access, id).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }
  try {
    await updateComment(access, own.id, body);
    return "edited";
  } catch (error) {
    if (!isGone(error)) throw error;
    await createComment(access, pullRequest, body);
    return "created";
  }
}

/**
 * Edits the comments of stacks that an earlier push concerned and this commit does not: they would show changes that nobody
 * proposes any more.
 * @param stacks the stacks that the pull request concerns
 * @returns the stacks whose comments were edited, sorted
 * @throws GitHubError if GitHub refuses
 */
export async function releaseOthers(
  access: Access,
  { pullRequest, stacks, commit }: { pullRequest: number; stacks: readonly string[]; commit: string },
): Promise<readonly string[]> {
  const comments = await listComments(access, pullRequest);
  const released = comments.flatMap(({ id, author, body }) => {
    const stack = author === ACTIONS ? stackOf(body) : undefined;
    return stack === undefined || stacks.includes(stack) ? [] : [{ id, stack }];
  });
  for (const { id, stack } of released) {
    await updateComment(access, id, renderUnconcerned(stack, commit)).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }
  return [...new Set(released.map(({ stack }) => stack))].sort();
}
