import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isMarked, LIMIT, markOf, renderComment, type Preview } from "../../../operations/pullRequest/comment.ts";
import { GitHubError, type Access } from "../../../operations/pullRequest/github.ts";
import { publish, releaseOthers } from "../../../operations/pullRequest/publish.ts";
import { startGitHub, type GitHub } from "../../support/operations/github.ts";

const BOT = "github-actions[bot]";
let github: GitHub;
let waits: number[];
let access: Access;
beforeEach(async () => {
  github = await startGitHub();
  waits = [];
  access = {
    ...{ api: github.api, repository: "acme/tenants", token: "t0ken-of-the-job", permission: "pull-requests: write" },
    sleep: async (milliseconds) => waits.push(milliseconds),
    now: () => 1_800_000_000_000,
  };
});
afterEach(() => github.stop());

const preview = (stack: string, text = "no changes", more: Partial<Preview> = {}): Preview => ({
  ...{ stack, text, commit: "0123456789abcdef", changes: { same: 3 }, nextSteps: [], log: undefined, secrets: [] },
  ...more,
});
const put = (stack: string, text?: string) =>
  publish(access, { pullRequest: 7, stack, body: renderComment(preview(stack, text)) });

const stacks = [
  "acme-prod",
  "acme",
  "acme-prod-eu",
  ...Array.from({ length: 34 }, (_, index) => `tenant-${index + 1}`),
];

test("a pull request of 37 stacks and 200 other comments, pushed to three times, has 37 comments, each the newest", async () => {
  const foreign = Array.from({ length: 200 }, (_, index) => {
    const stack = stacks[index % stacks.length] ?? "";
    const mark = markOf(stack);
    const kinds: [string, string | null][] = [
      [`I wonder about ${stack}`, "reviewer"],
      [`${mark}\nPreview of mine`, "reviewer"],
      [`> ${mark}\n> Preview`, BOT],
      [`Preview of ${stack}\n${mark}`, BOT],
      [`${mark} and more\nPreview`, BOT],
      [`### Preview: \`${stack}\``, BOT],
      [`${mark}\nof an account that is gone`, null],
    ];
    return kinds[index % kinds.length] ?? ["", BOT];
  });
  for (const [body, author] of foreign.slice(0, 120)) github.add(body, author);
  for (const push of ["first", "second", "third"]) {
    for (const stack of push === "second" ? stacks.toReversed() : stacks)
      await put(stack, `the ${push} push of ${stack}`);
    if (push === "first") for (const [body, author] of foreign.slice(120)) github.add(body, author);
  }
  const own = github.comments.filter(({ body }) => /the (first|second|third) push of /.test(body));
  expect(own.map(({ body }) => /the (\w+ push of \S+)/.exec(body)?.[1]).sort()).toEqual(
    stacks.map((stack) => `third push of ${stack}`).sort(),
  );
  for (const stack of stacks) {
    const marked = github.comments.filter(({ body, user }) => user?.login === BOT && isMarked(body, stack));
    expect(marked.map(({ body }) => body)).toEqual([renderComment(preview(stack, `the third push of ${stack}`))]);
  }
  const others = github.comments.filter((comment) => !own.includes(comment));
  expect(others.map(({ body, user }) => [body, user?.login ?? null])).toEqual(foreign);
});

describe("the comment of a stack", () => {
  test("is found on the last of several pages", async () => {
    for (let index = 0; index < 250; index += 1) github.add(`comment ${index}`, "reviewer");
    expect(await put("acme")).toBe("created");
    expect(await put("acme", "again")).toBe("edited");
    expect(github.comments).toHaveLength(251);
    expect(github.requests.filter(({ method }) => method === "GET")).toHaveLength(6);
  });

  test("is the first of those that two jobs at once left; the others go", async () => {
    for (const text of ["one", "two", "three"]) github.add(renderComment(preview("acme", text)), BOT);
    await put("acme", "newest");
    expect(github.comments.map(({ body }) => body)).toEqual([renderComment(preview("acme", "newest"))]);
  });

  test("survives that another job removes it, or a further one, at the same time", async () => {
    for (const text of ["one", "two"]) github.add(renderComment(preview("acme", text)), BOT);
    const gone = { status: 404, message: "Not Found" };
    const list = { status: 200, headers: {}, list: github.comments.map((comment) => ({ ...comment })) };
    github.comments.length = 0;
    github.disturbances.push(list, gone, gone);
    expect(await put("acme", "newest")).toBe("created");
    expect(github.comments.map(({ body }) => body)).toEqual([renderComment(preview("acme", "newest"))]);
  });

  test("is edited by the account that wrote it, whose name may differ", async () => {
    github.add(renderComment(preview("acme")), "acme-bot[bot]");
    const body = renderComment(preview("acme", "newest"));
    await publish(access, { pullRequest: 7, stack: "acme", body, author: "acme-bot[bot]" });
    expect(github.comments.map((comment) => comment.body)).toEqual([body]);
  });

  test("of the longest preview is one that GitHub accepts", async () => {
    await put("acme", "`".repeat(40_000) + "😀".repeat(40_000));
    expect(github.comments[0]?.body.length).toBeLessThanOrEqual(LIMIT);
  });
});

describe("a stack that a later push no longer concerns", () => {
  const release = (concerned: readonly string[]) =>
    releaseOthers(access, { pullRequest: 7, stacks: concerned, commit: "fedcba9876543210" });

  test("has a comment that says so and shows no old change; every other comment stays", async () => {
    for (const stack of ["acme", "acme-prod", "globex"]) await put(stack, "~ an old change");
    const foreign: [string, string | null][] = [
      [`${markOf("globex")}\nmy notes`, "reviewer"],
      [`> ${markOf("globex")}`, BOT],
      ["<!-- okta-scim-directory preview of stack not JSON -->", BOT],
      ["<!-- okta-scim-directory drift -->", BOT],
    ];
    for (const [body, author] of foreign) github.add(body, author);
    expect(await release(["acme"])).toEqual(["acme-prod", "globex"]);
    const bodies = github.comments.map(({ body }) => body);
    expect(bodies.slice(3)).toEqual(foreign.map(([body]) => body));
    expect(bodies[0]).toContain("~ an old change");
    for (const [index, stack] of [[1, "acme-prod"] as const, [2, "globex"] as const]) {
      expect(bodies[index]).toBe(
        `${markOf(stack)}\n### No longer concerned: \`${stack}\`\n\nWith commit fedcba987654 this pull request changes nothing of this stack.\n`,
      );
    }
  });

  test("has its one comment again as soon as a push concerns it", async () => {
    await put("acme", "first");
    await release([]);
    expect(await put("acme", "again")).toBe("edited");
    expect(github.comments.map(({ body }) => body)).toEqual([renderComment(preview("acme", "again"))]);
  });

  test("may lose its comment at the same time", async () => {
    await put("acme");
    const list = { status: 200, headers: {}, list: github.comments.map((comment) => ({ ...comment })) };
    github.disturbances.push(list, { status: 404, message: "Not Found" });
    expect(await release([])).toEqual(["acme"]);
  });
});

describe("GitHub's limits", () => {
  test("are waited for as the answers say: retry-after, the reset of the hour, a minute, and a server error a second", async () => {
    github.disturbances.push(
      { status: 403, headers: { "retry-after": "17" }, message: "You have exceeded a secondary rate limit" },
      { status: 429, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000042" } },
      { status: 403, message: "You have exceeded a secondary rate limit. Please wait a few minutes." },
      { status: 502 },
    );
    expect(await put("acme")).toBe("created");
    expect(waits).toEqual([17_000, 42_000, 60_000 * 4, 8_000]);
    expect(github.comments).toHaveLength(1);
  });

  test("are not waited for longer than an hour, nor more than five times", async () => {
    github.disturbances.push({ status: 429, headers: { "retry-after": "7200" } });
    await expect(put("acme")).rejects.toThrow(GitHubError);
    expect(waits).toEqual([]);
    github.disturbances.push(...Array.from({ length: 6 }, () => ({ status: 503 })));
    await expect(put("acme")).rejects.toThrow("GitHub answered 503 to GET /repos/acme/tenants/issues/7/comments");
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  test("are told from a refusal, which names the permission and is not repeated", async () => {
    github.disturbances.push({ status: 403, message: "Resource not accessible by integration" });
    await expect(put("acme")).rejects.toThrow(/pull-requests: write/);
    expect(github.requests).toHaveLength(1);
  });

  test("the token goes to no other address than GitHub's API, whatever a page names as the next", async () => {
    github.disturbances.push({ status: 200, headers: { link: '<https://example.com/steal>; rel="next"' } });
    await expect(put("acme")).rejects.toThrow();
    expect(github.requests).toHaveLength(1);
  });
});
