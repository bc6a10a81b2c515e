import { z } from "zod";

/** A failed call of the Management API, in the words of Okta's answer. */
export class OktaApiError extends Error {
  override readonly name = "OktaApiError";
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface OktaClient {
  /** @throws OktaApiError with Okta's errorSummary and causes */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Like `call`, but undefined if Okta answers 404. */
  find(path: string): Promise<unknown>;
  /** All pages of a list, by its `next` links. */
  list(path: string): Promise<unknown[]>;
}

const errorBody = z.object({
  errorSummary: z.string(),
  errorCauses: z.array(z.object({ errorSummary: z.string() })).default([]),
});

function describe(status: number, text: string): string {
  const parsed = errorBody.safeParse(parse(text));
  if (!parsed.success) return `the API returned status ${status}: ${text.slice(0, 200)}`;
  const { errorSummary, errorCauses } = parsed.data;
  const causes = errorCauses.map((cause) => `errorSummary: ${cause.errorSummary}`).join(", ");
  return `the API returned an error: ${errorSummary}${causes === "" ? "" : `. Causes: ${causes}`}`;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** The next page's path and query; host and port are the org's own. */
function nextPath(link: string | null): string | undefined {
  const found = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  if (found === undefined) return undefined;
  const { pathname, search } = new URL(found);
  return pathname + search;
}

export function createClient(orgUrl: string, apiToken: string): OktaClient {
  const request = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ value: unknown; link: string | null }> => {
    const response = await fetch(`${orgUrl}${path}`, {
      method,
      headers: {
        accept: "application/json",
        authorization: `SSWS ${apiToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new OktaApiError(response.status, describe(response.status, text));
    return { value: text === "" ? undefined : parse(text), link: response.headers.get("link") };
  };
  return {
    call: async (method, path, body) => (await request(method, path, body)).value,
    find: async (path) => {
      try {
        return (await request("GET", path)).value;
      } catch (error) {
        if (error instanceof OktaApiError && error.status === 404) return undefined;
        throw error;
      }
    },
    list: async (path) => {
      const items: unknown[] = [];
      for (let next: string | undefined = path; next !== undefined;) {
        const { value, link } = await request("GET", next);
        if (Array.isArray(value)) items.push(...value.map((item: unknown) => item));
        next = nextPath(link);
      }
      return items;
    },
  };
}
