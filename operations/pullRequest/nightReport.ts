import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../live/commandLine.ts";
import { LIMIT, cutTo } from "./comment.ts";
import type { Finding, Verdict } from "./drift.ts";

const verdictShape = z.strictObject({
  stack: z.string(),
  state: z.enum(["declared", "pending", "new", "wrong"]),
  findings: z.array(z.strictObject({ title: z.string(), detail: z.string() })),
});

/** The verdicts that the jobs left in a folder and in the folders below it. A file that holds none is left out. */
export async function readReports(folder: string): Promise<Verdict[]> {
  // No job left a report: the folder was not made.
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return texts.map(readVerdict).filter((verdict) => verdict !== undefined);
}

function readVerdict(text: string): Verdict | undefined {
  try {
    return verdictShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Names of stacks, as the job that lists them prints them. @throws UsageError if it printed none */
export function stacksOf(json: string): readonly string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(json));
  } catch (cause) {
    throw new UsageError("STACKS is not a list of names as JSON; see the log of the job that lists the stacks", {
      cause,
    });
  }
}

export interface NightReport {
  /** The stacks that are not as declared, sorted. */
  readonly wrong: readonly string[];
  readonly title: string;
  /** Markdown, at most as long as GitHub allows for an issue. */
  readonly text: string;
}

const noVerdict: Finding = {
  title: "Its job ended without a result.",
  detail: "The job was cancelled, ran into its time limit, or failed before the comparison: see its log.",
};

/**
 * One report of all stacks.
 * @param stacks every stack of the night; one without a verdict counts as wrong
 * @param run address of the run
 */
export function reportNight(
  stacks: readonly string[],
  verdicts: readonly Verdict[],
  { run, commit }: { readonly run: string; readonly commit: string },
): NightReport {
  const byStack = new Map(verdicts.map((verdict) => [verdict.stack, verdict]));
  const all = [...stacks]
    .sort()
    .map((stack): Verdict => byStack.get(stack) ?? { stack, state: "wrong", findings: [noVerdict] });
  const wrong = all.filter(({ state }) => state === "wrong");
  const head =
    wrong.length === 0
      ? `All stacks are as declared. Commit ${commit.slice(0, 12)}, [run](${run}).`
      : `${wrong.length} of ${all.length} stacks are not as declared. Commit ${commit.slice(0, 12)}, [run](${run}).`;
  const rows = wrong.map(({ stack, findings }) => `| \`${stack}\` | ${findings.map(({ title }) => title).join(" ")} |`);
  const table = rows.length === 0 ? [] : [["| stack | finding |", "| --- | --- |", ...rows].join("\n")];
  const others = [
    listed("Waits for its console step (`connection: pending`)", all, "pending"),
    listed("Waits for its first `pulumi up`", all, "new"),
    listed("As declared", all, "declared"),
  ].filter((line) => line !== undefined);
  const fixed = [head, ...table, ...others];
  const sections = sectionsOf(wrong, LIMIT - RESERVED - fixed.join("\n\n").length);
  const title = `Drift: ${wrong.length} of ${all.length} stacks are not as declared`;
  return { wrong: wrong.map(({ stack }) => stack), title, text: [...fixed, ...sections].join("\n\n") };
}

/** Characters for the first two lines of the issue, which name every stack that is not as declared. */
const RESERVED = 12_000;
/** Characters that a text needs to be worth showing. */
const LEAST = 400;
const CUT = "The text is cut here; the log of the stack's job has more of it.";

/** A section for each finding, in at most `room` characters together. */
function sectionsOf(wrong: readonly Verdict[], room: number): readonly string[] {
  const all = wrong.flatMap(({ stack, findings }) =>
    findings.map(({ title, detail }) => ({ head: `### \`${stack}\`\n\n${title}\n\n`, detail: detail.trim() })),
  );
  const fixed = (head: string): number => head.length + CUT.length + 4;
  const shown: typeof all = [];
  let left = room - 100;
  for (const section of all) {
    left -= fixed(section.head);
    if (left < LEAST * (shown.length + 1)) break;
    shown.push(section);
  }
  const total = room - 100 - shown.reduce((sum, { head }) => sum + fixed(head), 0);
  const share = Math.floor(total / Math.max(1, shown.length));
  const more = all.length - shown.length;
  return [
    ...shown.map(({ head, detail }) => `${head}${cutTo(detail, share, CUT)}`),
    ...(more === 0 ? [] : [`The texts of ${more} more findings are in the logs of the stacks' jobs.`]),
  ];
}

function listed(title: string, all: readonly Verdict[], state: Verdict["state"]): string | undefined {
  const stacks = all.filter((verdict) => verdict.state === state).map(({ stack }) => `\`${stack}\``);
  return stacks.length === 0 ? undefined : `${title}: ${stacks.join(", ")}.`;
}
