import { isMarked } from "./comment.ts";
import { createComment, deleteComment, GitHubError, listComments, updateComment, type Access } from "./github.ts";

/** The account that a workflow's own token writes as. */
export const ACTIONS = "github-actions[bot]";

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
  const isGone = (error: unknown): boolean => error instanceof GitHubError && error.status === 404;
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
