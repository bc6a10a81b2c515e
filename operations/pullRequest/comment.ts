import { mask } from "./mask.ts";

/** GitHub's limit of a comment's body, in characters. */
export const LIMIT = 65_536;

export interface Preview {
  readonly stack: string;
  /** Commit that was previewed. */
  readonly commit: string;
  /** What Pulumi printed, or its error. */
  readonly text: string;
  /** Number of resources by operation; undefined if the preview failed. */
  readonly changes: Readonly<Record<string, number>> | undefined;
  /** What a person still has to do; undefined where only `up` knows. */
  readonly nextSteps: readonly (string | undefined)[];
  /** Address of the job's log. */
  readonly log: string | undefined;
  /** Values that must not appear. */
  readonly secrets: readonly unknown[];
}

/** The first line of a stack's comment. GitHub does not show it. */
export const markOf = (stack: string): string =>
  `<!-- okta-scim-directory preview of stack ${JSON.stringify(stack)} -->`;

/** Whether a comment's first line is the mark of exactly this stack. */
export const isMarked = (body: string, stack: string): boolean => body.split(/\r?\n/, 1)[0] === markOf(stack);

const MARK = /^<!-- okta-scim-directory preview of stack ("[^\r\n]*") -->\r?(?:\n|$)/;

/** The stack whose mark is a comment's first line; undefined if there is no mark. */
export function stackOf(body: string): string | undefined {
  const [, quoted] = MARK.exec(body) ?? [];
  try {
    const stack: unknown = quoted === undefined ? undefined : JSON.parse(quoted);
    return typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined;
  }
}

/** The comment of a stack that a later push of the pull request no longer concerns. */
export const renderUnconcerned = (stack: string, commit: string): string =>
  [
    markOf(stack),
    `### No longer concerned: \`${stack}\``,
    "",
    `With commit ${commit.slice(0, 12)} this pull request changes nothing of this stack.`,
    "",
  ].join("\n");

/** The comment of one stack. It is at most as long as GitHub allows and holds none of the secrets. */
export function renderComment(preview: Preview): string {
  const { stack, commit, changes, log } = preview;
  const clean = (text: string): string => mask(text, preview.secrets);
  const head = [
    markOf(stack),
    `### ${changes === undefined ? "❌ Preview failed" : "Preview"}: \`${stack}\``,
    "",
    `${changes === undefined ? "Nothing can be deployed until this is fixed." : summaryOf(changes)} Commit ${commit.slice(0, 12)}.`,
  ].join("\n");
  const steps = preview.nextSteps.map(
    (step, index) => `${index + 1}. ${step === undefined ? "(known after the first up)" : clean(step)}`,
  );
  const next =
    steps.length === 0
      ? ""
      : `\n\n**What a person has to do after this is deployed**\n\n${fenceSafe(steps.join("\n"))}`;
  const tail = log === undefined ? "" : `\n\n[Log of the job](${log})`;
  const cut = `The text was longer than a comment may be and is cut here${log === undefined ? "" : "; the job's log has more of it"}.`;
  const room = LIMIT - head.length - tail.length - cut.length - 100;
  const short =
    next.length <= room / 2
      ? next
      : `\n\nThe next steps are too long for this comment: run \`npm run next-steps -- --stack ${stack}\`.`;
  return `${head}${short}\n\n${cutTo(clean(preview.text.trim()), room - short.length, cut)}${tail}\n`;
}

const marks: Readonly<Record<string, string>> = { create: "+", update: "~", replace: "±", delete: "-" };

/** The numbers of changes, for example `+3 ~1`. */
export function summaryOf(changes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(changes)
    .filter(([operation, count]) => operation !== "same" && count > 0)
    .map(([operation, count]) => `${marks[operation] ?? ""}${count} ${operation}`);
  return parts.length === 0 ? "No changes." : `${parts.join(", ")}.`;
}

/** Text as `fenceSafe` shows it, in at most `room` characters and the sentence `cut`, which says that the rest is missing. */
export function cutTo(text: string, room: number, cut: string): string {
  if (fenceSafe(text).length <= room) return fenceSafe(text);
  const kept = bounded(text).slice(0, room - 2 * (TICKS + 8));
  return `${fenceSafe(kept.replace(/[\ud800-\udbff]$/, ""))}\n\n${cut}`;
}

const bounded = (text: string): string => text.replace(/`+/g, (run) => run.slice(0, TICKS));

const longestTicks = (text: string): number => Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));

/** Backticks in a row that are left as they are. Each further one would lengthen both fences. */
const TICKS = 20;

/** Text that GitHub shows as it stands: no mark-up, no mentions, no links. */
function fenceSafe(raw: string): string {
  const text = bounded(raw);
  const fence = "`".repeat(longestTicks(text) + 1);
  return `${fence}text\n${text}\n${fence}`;
}
