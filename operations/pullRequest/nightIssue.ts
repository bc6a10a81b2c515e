import { createComment, createIssue, listOpenIssues, updateIssue, type Access, type Issue } from "./github.ts";
import type { NightReport } from "./nightReport.ts";
import { ACTIONS } from "./publish.ts";

/** The first line of the issue. GitHub does not show it. */
export const MARK = "<!-- okta-scim-directory drift -->";

const listOf = (stacks: readonly string[]): string => `<!-- stacks ${JSON.stringify(stacks)} -->`;

/** The stacks that the issue named last. */
function namedIn({ body }: Issue): readonly string[] {
  const [, names = ""] = /^<!-- stacks \[(.*)\] -->\r?$/m.exec(body) ?? [];
  return names.split(",").map((name) => name.replace(/^"|"$/g, ""));
}

const isOurs = ({ author, body }: Issue): boolean => author === ACTIONS && body.split(/\r?\n/, 1)[0] === MARK;

/**
 * Tells a night in one issue: opens it when a stack is not as declared, edits it every further night, comments on it when
 * another stack joins, and closes it when all stacks are as declared. Nobody else's issue is edited.
 * @throws GitHubError if GitHub refuses; its status is 410 if the repository has no issues
 */
export async function tellNight(
  access: Access,
  { wrong, title, text }: NightReport,
): Promise<"none" | "opened" | "edited" | "closed"> {
  const [issue, ...others] = (await listOpenIssues(access)).filter(isOurs).sort((a, b) => a.number - b.number);
  const body = `${MARK}\n${listOf(wrong)}\n${text}\n`;
  // Two runs at the same time can open two issues.
  for (const { number } of others) await updateIssue(access, number, { state: "closed", state_reason: "not_planned" });
  if (issue === undefined) {
    if (wrong.length === 0) return "none";
    await createIssue(access, { title, body });
    return "opened";
  }
  if (wrong.length === 0) {
    await updateIssue(access, issue.number, { title, body, state: "closed", state_reason: "completed" });
    return "closed";
  }
  const before = namedIn(issue);
  const joined = wrong.filter((stack) => !before.includes(stack));
  // An edit notifies nobody. The comment comes first: if the edit fails, the next night repeats both.
  if (joined.length > 0) {
    const names = joined.map((stack) => `\`${stack}\``).join(", ");
    await createComment(access, issue.number, `No longer as declared since this night: ${names}.`);
  }
  await updateIssue(access, issue.number, { title, body });
  return "edited";
}
