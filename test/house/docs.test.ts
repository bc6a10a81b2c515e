import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { usage } from "../../sandbox/start/options.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const isPage = (name: string): boolean => name.endsWith(".md");
const pages = [
  ...readdirSync(root).filter(isPage),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter(isPage)
    .map((name) => join("docs", name)),
  ".github/pull_request_template.md",
];
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));

const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, "");

/** The anchors of a page's headings, as GitHub generates them. */
const anchorsOf = (text: string): string[] =>
  [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );

/** Targets of links and pictures in this repository: path, and anchor if there is one. */
function linksOf(text: string): string[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)];
  return targets.map(([, link, attribute]) => link ?? attribute ?? "").filter((target) => !/^[a-z]+:/.test(target));
}

function isBroken(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : relative(root, join(root, dirname(page), path));
  if (!existsSync(join(root, file))) return true;
  return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
}

describe("documentation", () => {
  test.each(Object.keys(scripts))("names the npm script %s in README.md or CONTRIBUTING.md", (name) => {
    const command = ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`;
    expect(read("README.md") + read("CONTRIBUTING.md")).toMatch(new RegExp(`${command}(?![\\w:-])`));
  });

  test("has the legend of the table as the code does", () => {
    const cells = (text: string): string[] =>
      [...text.matchAll(/^(?: \*)? ?(\| .+\|)$/gm)].map(([, row = ""]) =>
        row.replace(/\s+/g, " ").replace(/-{3,}/g, "-"),
      );
    const legend = cells(read("lambda/table.ts"));
    const page = cells(read("docs/design/directory.md"));
    expect(legend.length).toBeGreaterThan(25);
    expect(legend.filter((row) => !page.includes(row))).toEqual([]);
  });

  test.each(pages)("%s links to files and headings that exist", (page) => {
    expect(linksOf(read(page)).filter((target) => isBroken(page, target))).toEqual([]);
  });

  test.each(pages)("%s names npm scripts and files that exist", (page) => {
    const text = read(page);
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script = ""]) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    const paths = [
      ...text.matchAll(/`((?:bench|components|docs|lambda|operations|policy|sandbox|test|\.ci|\.github)\/[\w./-]*)`/g),
    ];
    expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("every page in docs/ is reached from the README", () => {
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      for (const target of linksOf(read(page))) {
        const [path = ""] = target.split("#");
        const file = relative(root, join(root, dirname(page), path));
        if (isPage(file) && existsSync(join(root, file))) visit(file);
      }
    };
    visit("README.md");
    expect(pages.filter((page) => page.startsWith("docs/") && !reached.has(page))).toEqual([]);
  });

  test("the README lists the options of npm start, all of them", () => {
    const listed = [...read("README.md").matchAll(/^\| `(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(listed).toEqual([...usage.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option));
  });

  test("the messages that the README explains exist", () => {
    const section = /^## When something is wrong$([\s\S]*?)^## /m.exec(read("README.md"))?.[1] ?? "";
    const messages = [...section.matchAll(/^\|[^`|]*`([^`]+)`/gm)].flatMap(([, message = ""]) =>
      message
        .split("…")
        .map((part) => part.replaceAll('"', "").trim())
        .filter((part) => part !== ""),
    );
    const source = ["components", "sandbox", "test/sandbox/pulumi"]
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
      )
      .filter((name) => name.endsWith(".ts"))
      .map(read)
      .join("\n");
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.filter((message) => !source.includes(message))).toEqual([]);
  });

  test("the README has at most 280 lines", () => {
    expect(read("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(280);
  });

  test("the README's contents name each of its sections, in order", () => {
    const text = read("README.md");
    const sections = anchorsOf(text).slice(1);
    const contents = /^\*\*Contents:\*\*[\s\S]*?\n\n/m.exec(text)?.[0] ?? "";
    const listed = linksOf(contents).map((target) => target.slice(1));
    expect(listed).toEqual(sections);
  });
});
