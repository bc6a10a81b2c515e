import { z } from "zod";

/** GitHub refused a request, or answered something else than its documentation says. */
export class GitHubError extends Error {
  override readonly name = "GitHubError";

  /** HTTP status of the answer; undefined if there was none. */
  readonly status: number | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.status = options?.status;
  }
}

export interface Access {
  /** `https://api.github.com`, or the address of a GitHub Enterprise server's API. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** What the token must be allowed, as a workflow's `permissions` say it, for example `issues: write`. */
  readonly permission: string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const commentShape = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly author: string;
}

/** Attempts at one request. */
const ATTEMPTS = 6;
/** Milliseconds. The longest that a limit is waited for: GitHub's primary limit is reset every hour. */
const LONGEST_WAIT = 3_600_000;
const FIRST_WAIT = 1_000;
/** GitHub asks for a minute after a secondary limit that names no time. */
const SECONDARY_WAIT = 60_000;

const issueShape = commentShape.omit({ id: true }).extend({ number: z.number(), pull_request: z.unknown().optional() });

export interface Issue {
  readonly number: number;
  readonly body: string;
  readonly author: string;
}

/** All comments of a pull request, page by page, the oldest first. */
export async function listComments(access: Access, pullRequest: number): Promise<Comment[]> {
  const comments = await listAll(access, `issues/${pullRequest}/comments?per_page=100`, commentShape);
  return comments.map(({ id, body, user }) => ({ id, body: body ?? "", author: user?.login ?? "" }));
}

/** All open issues of the repository. GitHub lists pull requests among them; they are left out. */
export async function listOpenIssues(access: Access): Promise<Issue[]> {
  const issues = await listAll(access, "issues?state=open&per_page=100", issueShape);
  return issues
    .filter(({ pull_request: pullRequest }) => pullRequest === undefined)
    .map(({ number, body, user }) => ({ number, body: body ?? "", author: user?.login ?? "" }));
}

const runsShape = z.object({ workflow_runs: z.array(z.object({ head_sha: z.string().regex(/^[0-9a-f]{40,64}$/) })) });

/** The commits of a workflow's successful runs on a branch after a push, the newest run first; at most 100. */
export async function listSuccessfulRuns(
  access: Access,
  { workflow, branch }: { readonly workflow: string; readonly branch: string },
): Promise<string[]> {
  const query = new URLSearchParams({ branch, event: "push", status: "success", per_page: "100" }).toString();
  const path = `actions/workflows/${encodeURIComponent(workflow)}/runs?${query}`;
  const response = await request(access, "GET", `${access.api}/repos/${access.repository}/${path}`);
  const answer = runsShape.safeParse(await response.json());
  if (!answer.success) throw new GitHubError("GitHub's list of runs is not as documented", { cause: answer.error });
  return answer.data.workflow_runs.map(({ head_sha: commit }) => commit);
}

async function listAll<T>(access: Access, path: string, shape: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  let url: string | undefined = `${access.api}/repos/${access.repository}/${path}`;
  while (url !== undefined) {
    const response: Response = await request(access, "GET", url);
    items.push(...z.array(shape).parse(await response.json()));
    url = nextOf(response.headers.get("link"), access.api);
  }
  return items;
}

export async function createIssue(access: Access, issue: { title: string; body: string }): Promise<void> {
  await request(access, "POST", `${access.api}/repos/${access.repository}/issues`, issue);
}

export async function updateIssue(access: Access, number: number, change: object): Promise<void> {
  await request(access, "PATCH", `${access.api}/repos/${access.repository}/issues/${number}`, change);
}

/** On a pull request or an issue, by its number. */
export async function createComment(access: Access, pullRequest: number, body: string): Promise<void> {
  await request(access, "POST", `${access.api}/repos/${access.repository}/issues/${pullRequest}/comments`, { body });
}

export async function updateComment(access: Access, id: number, body: string): Promise<void> {
  await request(access, "PATCH", `${access.api}/repos/${access.repository}/issues/comments/${id}`, { body });
}

export async function deleteComment(access: Access, id: number): Promise<void> {
  await request(access, "DELETE", `${access.api}/repos/${access.repository}/issues/comments/${id}`);
}

/** The next page (RFC 8288). An address elsewhere is not followed, because the token would go there. */
function nextOf(link: string | null, api: string): string | undefined {
  const next = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
  return next !== undefined && new URL(next).origin === new URL(api).origin ? next : undefined;
}

async function request(access: Access, method: string, url: string, body?: object): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(access, method, url, body);
    if (response?.ok === true) return response;
    const wait = response === undefined ? backOff(attempt) : await waitOf(response, attempt, access.now());
    if (wait === undefined || attempt === ATTEMPTS || wait > LONGEST_WAIT)
      throw await failure(access.permission, method, url, response);
    await access.sleep(wait);
  }
}

/** Undefined if the network failed. A POST that failed so may have arrived: the caller looks for duplicates next time. */
async function send({ token }: Access, method: string, url: string, body?: object): Promise<Response | undefined> {
  try {
    return await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    return undefined;
  }
}

const backOff = (attempt: number): number => FIRST_WAIT * 2 ** (attempt - 1);

/** Milliseconds to wait before the request is worth repeating; undefined if it never is (GitHub: rate limits of the REST API). */
async function waitOf(response: Response, attempt: number, now: number): Promise<number | undefined> {
  if (response.status >= 500) return backOff(attempt);
  if (response.status !== 403 && response.status !== 429) return undefined;
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(after)) return after * 1000;
  if (response.headers.get("x-ratelimit-remaining") === "0") {
    return Math.max(FIRST_WAIT, Number(response.headers.get("x-ratelimit-reset") ?? 0) * 1000 - now);
  }
  const isLimit = response.status === 429 || /rate limit/i.test(await response.clone().text());
  return isLimit ? SECONDARY_WAIT * 2 ** (attempt - 1) : undefined;
}

async function failure(
  permission: string,
  method: string,
  url: string,
  response: Response | undefined,
): Promise<GitHubError> {
  const { pathname } = new URL(url);
  if (response === undefined)
    return new GitHubError(`GitHub cannot be reached (${method} ${pathname}); run the job again`);
  const text = (await response.text()).slice(0, 300);
  const hint = response.status === 403 ? `; the job needs the permission ${permission}` : "";
  return new GitHubError(`GitHub answered ${response.status} to ${method} ${pathname}: ${text}${hint}`, {
    status: response.status,
  });
}
