import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createIssues, ISSUES, type Issues, type Stored } from "./githubIssues.ts";

/**
 * GitHub's REST API for issues, and for the comments of one pull request (7): pages, limits, and answers as its
 * documentation has them.
 */
export interface GitHub extends Pick<Issues, "issues" | "issueComments" | "addIssue"> {
  readonly api: string;
  readonly comments: Stored[];
  /** Runs of `deploy.yml`, the oldest first. */
  readonly runs: { readonly head_sha: string; readonly conclusion: string; readonly head_branch: string }[];
  readonly requests: { readonly method: string; readonly path: string }[];
  /** The next answers, in place of the real ones: status, headers, body. */
  readonly disturbances: {
    status: number;
    headers?: Record<string, string>;
    message?: string;
    list?: readonly Stored[];
  }[];
  add(body: string, login: string | null): void;
  stop(): Promise<void>;
}

const BOT = "github-actions[bot]";
const PATH = /^\/repos\/acme\/tenants\/issues\/(?:(7)\/comments|comments\/(\d+))$/;

const RUNS = "/repos/acme/tenants/actions/workflows/deploy.yml/runs";

/** The runs that the query asks for, the newest first. */
function runsOf({ searchParams: query }: URL, runs: GitHub["runs"]): object {
  const found = runs
    .filter((run) => run.conclusion === query.get("status") && run.head_branch === query.get("branch"))
    .toReversed();
  return { total_count: found.length, workflow_runs: found };
}

export async function startGitHub(): Promise<GitHub> {
  const comments: Stored[] = [];
  const ofIssues = createIssues();
  const requests: GitHub["requests"] = [];
  const runs: GitHub["runs"] = [];
  const disturbances: GitHub["disturbances"] = [];
  let lastId = 1000;
  const add = (body: string, login: string | null): Stored => {
    lastId += 1;
    const stored = { id: lastId, body, user: login === null ? null : { login } };
    comments.push(stored);
    return stored;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", api());
      const method = request.method ?? "GET";
      requests.push({ method, path: url.pathname });
      const disturbance = disturbances.shift();
      if (disturbance !== undefined) {
        return answer(
          response,
          disturbance.status,
          disturbance.list ?? { message: disturbance.message ?? "no" },
          disturbance.headers,
        );
      }
      if (request.headers.authorization !== "Bearer t0ken-of-the-job")
        return answer(response, 401, { message: "Bad credentials" });
      if (url.pathname === RUNS) return answer(response, 200, runsOf(url, runs));
      const [, pullRequest, id] = PATH.exec(url.pathname) ?? [];
      const { body = "" } = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { body?: string };
      if (body.length > 65_536)
        return answer(response, 422, { message: "body is too long (maximum is 65536 characters)" });
      if (pullRequest === undefined && id === undefined && ISSUES.test(url.pathname))
        return respond(
          response,
          url,
          ofIssues.answer(method, url, JSON.parse(Buffer.concat(chunks).toString() || "{}") as object),
        );
      if (pullRequest !== undefined && method === "GET") return page(response, url, comments);
      if (pullRequest !== undefined && method === "POST") return answer(response, 201, add(body, BOT));
      const found = comments.find((comment) => String(comment.id) === id);
      if (found === undefined) return answer(response, 404, { message: "Not Found" });
      if (method === "DELETE") {
        comments.splice(comments.indexOf(found), 1);
        return answer(response, 204);
      }
      found.body = body;
      return answer(response, 200, found);
    });
  });
  const respond = (
    response: ServerResponse,
    url: URL,
    { list, status = 200, body }: ReturnType<Issues["answer"]>,
  ): void => (list === undefined ? answer(response, status, body) : page(response, url, list));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ api: api(), comments, runs, requests, disturbances, ...ofIssues },
    add: (body, login) => void add(body, login),
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

function page(response: ServerResponse, url: URL, items: readonly Stored[]): void {
  const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
  const number = Number(url.searchParams.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(url.searchParams);
    query.set("page", String(to));
    return `<${url.origin}${url.pathname}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, "prev")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
  ];
  answer(
    response,
    200,
    items.slice((number - 1) * size, number * size),
    links.length > 0 ? { link: links.join(", ") } : {},
  );
}

function answer(response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
