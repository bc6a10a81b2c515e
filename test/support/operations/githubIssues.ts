export const ISSUES = /^\/repos\/acme\/tenants\/issues(?:\/(\d+)(\/comments)?)?$/;

export interface Stored {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string } | null;
}

export interface StoredIssue extends Stored {
  readonly number: number;
  title: string;
  state: "open" | "closed";
  state_reason: string | null;
  readonly pull_request?: { readonly url: string };
}

/** The issues of a simulated repository. */
export interface Issues {
  readonly issues: StoredIssue[];
  /** Comments on issues, by the number of the issue. */
  readonly issueComments: { readonly number: number; readonly body: string }[];
  addIssue(body: string, login: string | null, more?: Partial<StoredIssue>): StoredIssue;
  answer(
    method: string,
    url: URL,
    sent: Partial<StoredIssue>,
  ): { readonly list?: readonly StoredIssue[]; readonly status?: number; readonly body?: unknown };
}

export function createIssues(): Issues {
  const issues: StoredIssue[] = [];
  const issueComments: { number: number; body: string }[] = [];
  const addIssue: Issues["addIssue"] = (body, login, more = {}) => {
    const number = issues.length + 1;
    const user = login === null ? null : { login };
    const issue: StoredIssue = {
      ...{ id: 9000 + number, number, title: "an issue", state: "open", state_reason: null, body, user },
      ...more,
    };
    issues.push(issue);
    return issue;
  };
  const answer: Issues["answer"] = (method, url, sent) => {
    const [, number, isComment] = ISSUES.exec(url.pathname) ?? [];
    // The newest first, as GitHub lists them.
    if (number === undefined && method === "GET")
      return { list: issues.filter(({ state }) => state === url.searchParams.get("state")).toReversed() };
    if ((sent.body ?? "").length > 65_536) return { status: 422, body: { message: "body is too long" } };
    if (number === undefined) {
      const { body = "", ...more } = sent;
      return { status: 201, body: addIssue(body, "github-actions[bot]", more) };
    }
    const found = issues.find((one) => String(one.number) === number);
    if (found === undefined) return { status: 404, body: { message: "Not Found" } };
    if (isComment === undefined) return { body: Object.assign(found, sent) };
    issueComments.push({ number: found.number, body: sent.body ?? "" });
    return { status: 201, body: {} };
  };
  return { issues, issueComments, addIssue, answer };
}
