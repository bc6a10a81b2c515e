import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Check } from "../../../operations/verify/check.ts";
import { handOver } from "../../../operations/verify/handOver.ts";
import { renderHtml } from "../../../operations/verify/htmlReport.ts";
import { checkReportFile, writeReport } from "../../../operations/verify/reportFile.ts";
import type { Verified } from "../../../operations/verify/verifyStack.ts";
import { rightWorld, verify } from "../../support/operations/support.ts";

const making = { at: new Date("2026-03-04T05:06:07.890Z"), version: "1.2.3", node: "24.1.0" };
const check = (id: string, state: Check["state"], more: Partial<Check> = {}): Check => ({
  ...{ id, section: "Pushing groups", title: `title ${id}`, state, detail: `detail ${id}` },
  ...more,
});
const verified = (...checks: Check[]): Verified => ({
  stack: "acme",
  scimBaseUrl: "https://scim.example/api/v1/scim",
  orgUrl: "https://acme.okta.com",
  checks,
});
/** The text that a reader sees, without tags. */
const textOf = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("the checks as one page", () => {
  it("say stack, time, both sides and versions, and count the checks", () => {
    const text = textOf(renderHtml(verified(check("a", "right"), check("b", "unknown")), making));
    for (const part of [
      "Tenant acme",
      "Nothing is wrong. 1 right, 1 unknown to any API",
      "2026-03-04 05:06:07 UTC",
      "https://acme.okta.com",
      "https://scim.example/api/v1/scim",
      "okta-scim-directory 1.2.3, npm run verify, Node.js 24.1.0",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("Open points");
  });

  it("list what is open first, with the remedy and a link to the check", () => {
    const page = renderHtml(
      verified(
        check("a", "right"),
        check("b", "wrong", { remedy: "fix b" }),
        check("c", "warning", { remedy: "see c" }),
      ),
      making,
    );
    expect(textOf(page)).toMatch(/1 check is wrong\. .*Open points wrong title b fix b warning title c see c Pushing/);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets).toEqual(["check-2", "check-3"]);
    for (const id of targets) expect(page).toContain(`id="${id}"`);
  });

  it("stand under the article's headings, every one of them once", async () => {
    const checks = await verify(rightWorld());
    const page = renderHtml(verified(...checks), making);
    const headings = [...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, heading]) => heading);
    expect(headings).toEqual([...new Set(checks.map(({ section }) => section)), "The states"]);
    for (const { title } of checks) expect(page).toContain(title.replaceAll('"', "&quot;").replaceAll("'", "&#39;"));
  });

  it("show names as text, whatever they contain", () => {
    const name = `<script>alert("1")</script><img src=x onerror='a'>&amp;\u0000\u001b[31m`;
    const page = renderHtml(
      { ...verified(check(name, "wrong", { title: name, detail: name, remedy: name, section: name })), stack: name },
      making,
    );
    expect(page).not.toMatch(/<script|<img|[^\P{Cc}\n\t]/u);
    expect(page).toContain(
      "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&amp;amp;\ufffd",
    );
  });

  it("need no other resource, and the policy of the document allows none", () => {
    const page = renderHtml(verified(check("a", "right")), making);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|form)\b|\bsrc=|url\(|@import|style="/);
    expect(page).toMatch(
      /Content-Security-Policy"\s+content="default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'/,
    );
  });

  it("say that an Okta org is not part of the stack", () => {
    const { orgUrl: _orgUrl, ...alone } = verified(check("a", "right"));
    expect(textOf(renderHtml(alone, making))).toContain("Okta org not part of this stack");
  });
});

describe("the file of the checks", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "okta-scim-report-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is written, and replaces an older one", async () => {
    const file = join(folder, "checks.html");
    await writeFile(file, "older ".repeat(10_000));
    await checkReportFile(file);
    await handOver(verified(check("a", "right")), file);
    const page = await readFile(file, "utf8");
    expect(page).toMatch(/^<!doctype html>[^]*<\/html>\n$/i);
    expect(page).not.toContain("older");
    expect(page).toContain(process.versions.node);
  });

  it("is refused in one sentence before anything is checked, and writes nothing", async () => {
    await writeFile(join(folder, "file"), "");
    const missing = join(folder, "none", "x.html");
    const cases = [
      [missing, `--html cannot write ${missing}: its folder does not exist. Create the folder first.`],
      [folder, `--html cannot write ${folder}: it is a folder. Name a file in it.`],
      [join(folder, "file", "x"), /: a part of its path is a file, not a folder\. Name another path\.$/],
      [join(folder, "x".repeat(300)), /: its name is too long\. Name a shorter one\.$/],
    ] as const;
    for (const [file, message] of cases) {
      const error = await checkReportFile(file).catch((refused: unknown) => refused);
      expect(error).toMatchObject({
        name: "ReportFileError",
        message: typeof message === "string" ? message : (expect.stringMatching(message) as unknown),
        cause: { code: expect.any(String) as unknown },
      });
    }
  });

  it("is refused in the same words when the folder disappears in the meantime", async () => {
    const file = join(folder, "gone", "x.html");
    await expect(writeReport(file, "")).rejects.toThrow("its folder does not exist. Create the folder first.");
  });
});
