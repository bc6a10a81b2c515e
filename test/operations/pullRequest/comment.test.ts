import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isMarked,
  LIMIT,
  markOf,
  renderComment,
  summaryOf,
  type Preview,
} from "../../../operations/pullRequest/comment.ts";
import { selectStacks } from "../../../operations/pullRequest/selection.ts";

const token = "s3cret+Token/of=acme-0123456789abcdef";
const preview: Preview = {
  stack: "acme",
  commit: "0123456789abcdef0123",
  text: " +  aws:dynamodb:Table acme-directory create",
  changes: { create: 18, same: 2, update: 1 },
  nextSteps: ["Open Applications.", undefined, "Run npm run verify -- --stack acme."],
  log: "https://github.com/acme/tenants/actions/runs/1",
  secrets: [token, { authorization: `Bearer ${token}` }, 7, null],
};

describe("the comment", () => {
  test("says what changes, at which commit, and what a person has to do", () => {
    expect(renderComment(preview)).toBe(
      [
        '<!-- okta-scim-directory preview of stack "acme" -->',
        "### Preview: `acme`",
        "",
        "+18 create, ~1 update. Commit 0123456789ab.",
        "",
        "**What a person has to do after this is deployed**",
        "",
        "```text",
        "1. Open Applications.",
        "2. (known after the first up)",
        "3. Run npm run verify -- --stack acme.",
        "```",
        "",
        "```text",
        "+  aws:dynamodb:Table acme-directory create",
        "```",
        "",
        "[Log of the job](https://github.com/acme/tenants/actions/runs/1)",
        "",
      ].join("\n"),
    );
  });

  test("of a failed preview says so first, with Pulumi's message", () => {
    const body = renderComment({ ...preview, changes: undefined, nextSteps: [], text: 'no group "Developers" exists' });
    expect(body).toContain("### ❌ Preview failed: `acme`");
    expect(body).toContain('no group "Developers" exists');
  });

  test("holds a mark of one stack alone", () => {
    const body = renderComment({ ...preview, stack: "acme-prod" });
    expect(isMarked(body, "acme-prod")).toBe(true);
    expect(isMarked(body, "acme")).toBe(false);
    expect(isMarked(`\n${body}`, "acme-prod")).toBe(false);
    expect(isMarked(body.replaceAll("\n", "\r\n"), "acme-prod")).toBe(true);
  });

  test.each<readonly [string, string]>([
    ["plain", token],
    ["in a header", `Bearer ${token}`],
    ["in JSON", JSON.stringify({ token })],
    ["in a URL", `https://example.com/?t=${encodeURIComponent(token)}`],
    ["in base64", Buffer.from(token).toString("base64")],
    ["in base64 for URLs", Buffer.from(token).toString("base64url")],
  ])("never holds a known secret: %s", (_, written) => {
    const body = renderComment({ ...preview, text: `error: ${written}`, nextSteps: [`type ${written}`] });
    expect(body).not.toContain(written);
    expect(body.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test("keeps what Pulumi printed as [secret]", () => {
    expect(renderComment({ ...preview, text: "scimToken: [secret]" })).toContain("scimToken: [secret]");
  });

  test("shows text as text: no fence in it ends the comment's own", () => {
    const body = renderComment({ ...preview, text: "```\n@everybody\n````", nextSteps: [] });
    expect(body).toContain("`````text\n```\n@everybody\n````\n`````");
  });

  test("is cut with a sentence where it would be too long, without half a character", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("a", "😀", "`", "\n", "`````` "),
        fc.integer({ min: 60_000, max: 140_000 }),
        fc.integer({ min: 0, max: 40_000 }),
        (unit, length, steps) => {
          const text = unit.repeat(Math.ceil(length / unit.length));
          const body = renderComment({ ...preview, text, nextSteps: ["s".repeat(steps)] });
          expect(body.length).toBeLessThanOrEqual(LIMIT);
          expect(body).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
          expect(body.startsWith(markOf("acme"))).toBe(true);
          expect(body).toContain("[Log of the job]");
          if (length > LIMIT && !/^[\s`]+$/.test(unit)) expect(body).toContain("is cut here");
        },
      ),
      { numRuns: 30 },
    );
  });

  test("says that nothing changes", () => {
    expect(summaryOf({ same: 20 })).toBe("No changes.");
  });
});

describe("stacks of a change", () => {
  const stacks = ["globex", "acme-prod", "acme"];

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ["one stack file", ["Pulumi.acme.yaml"], ["acme"]],
    [
      "two stack files and a page",
      ["Pulumi.globex.yaml", "Pulumi.acme-prod.yaml", "README.md"],
      ["acme-prod", "globex"],
    ],
    ["the program", ["components/config/keys.ts"], ["acme", "acme-prod", "globex"]],
    ["the function", ["lambda/handler/index.ts", "Pulumi.acme.yaml"], ["acme", "acme-prod", "globex"]],
    ["the project file", ["Pulumi.yaml"], ["acme", "acme-prod", "globex"]],
    ["the policy pack", ["policy/rules.ts"], ["acme", "acme-prod", "globex"]],
    ["the packages", ["package-lock.json"], ["acme", "acme-prod", "globex"]],
    ["a file that nobody knows", ["assets/logo.png"], ["acme", "acme-prod", "globex"]],
    ["pages, tests and workflows", ["docs/scim.md", "test/a.test.ts", ".github/workflows/ci.yml", "CHANGELOG.md"], []],
    ["an example", ["Pulumi.example.yaml"], []],
    ["a stack file that got another name", ["Pulumi.old.yaml", "Pulumi.globex.yaml"], ["globex"]],
    ["a stack file in a folder", ["tenants/Pulumi.acme.yaml"], ["acme", "acme-prod", "globex"]],
    ["a name that begins like a page", ["docsify/index.ts"], ["acme", "acme-prod", "globex"]],
    ["a page in another folder of the program", ["lambda/README.md"], ["acme", "acme-prod", "globex"]],
    ["another file of a stack", ["Pulumi.acme.yml"], ["acme", "acme-prod", "globex"]],
    ["the import file of an adoption", ["Pulumi.acme.import.json"], []],
    ["settings of tools", ["eslint.config.js", "vitest.long.config.ts", "cspell.words.txt", ".prettierrc.json"], []],
    ["a folder that begins like a tool", ["eslint-rules/index.ts"], ["acme", "acme-prod", "globex"]],
    ["a folder that is named as a tool", ["vitest.x/index.ts"], ["acme", "acme-prod", "globex"]],
    ["a file that begins like a tool", ["cspell.ts"], ["acme", "acme-prod", "globex"]],
    ["a file in a folder named as a setting", ["eslint.config.js/a.ts"], ["acme", "acme-prod", "globex"]],
    ["a page whose name is not English", ["docs/café.md"], []],
    ["lines that end as on Windows", ["Pulumi.acme.yaml\r"], ["acme"]],
    ["nothing", ["", "\n"], []],
  ])("%s", (_, changed, selected) => {
    expect(selectStacks(changed, stacks).stacks).toEqual(selected);
  });

  test.each(["acme.prod", "acme--prod", "-acme", "__proto__", "constructor", "ACME_1"])(
    "%s is a stack like any other",
    (stack) => {
      expect(selectStacks([`Pulumi.${stack}.yaml`], ["acme", stack]).stacks).toEqual([stack]);
      const body = renderComment({ ...preview, stack });
      expect([isMarked(body, stack), isMarked(body, "acme")]).toEqual([true, false]);
    },
  );

  test("a stack file that is gone is named: its resources stay", () => {
    const { stacks: selected, removed } = selectStacks(["Pulumi.old.yaml", "Pulumi.acme.yaml"], stacks);
    expect({ selected, removed }).toEqual({ selected: ["acme"], removed: ["old"] });
  });

  test("the reason names the file that concerns every stack", () => {
    expect(selectStacks(["index.ts"], stacks).reason).toBe("index.ts changed, which concerns every stack");
  });
});
