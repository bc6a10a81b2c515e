import { isMarked } from "./comment.ts";
import { createComment, deleteComment, listComments, updateComment, type Access } from "./github.ts";

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
  await updateComment(access, own.id, body);
  for (const { id } of others) await deleteComment(access, id);
  return "edited";
}
