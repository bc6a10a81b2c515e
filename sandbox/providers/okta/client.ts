import { z } from "zod";

/** The part of Okta's Management API that the provider uses: JSON in, JSON out, errors with Okta's own words. */
export interface OktaClient {
  /** The parsed body; undefined for 204. @throws OktaError */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** All pages of a list, following `Link: <…>; rel="next"`. @throws OktaError */
  list(path: string): Promise<unknown[]>;
  /** Undefined where the answer is 404. @throws OktaError */
  find(path: string): Promise<unknown>;
}

export class OktaError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const errorBody = z.object({
  errorCode: z.string(),
  errorSummary: z.string(),
  errorCauses: z.array(z.object({ errorSummary: z.string() })).default([]),
});

const RETRIES = 5;

export function createOktaClient(url: string, apiToken: string): OktaClient {
  async function send(method: string, address: string, body?: unknown): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const response = await fetch(address, {
        method,
        headers: { authorization: `SSWS ${apiToken}`, accept: "application/json", "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // E0000239 (423): another policy change is being worked in; Okta says to try again.
      if ((response.status !== 423 && response.status !== 429) || attempt === RETRIES) return response;
      await response.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt));
    }
  }

  async function read(response: Response): Promise<unknown> {
    const text = await response.text();
    const value: unknown = text === "" ? undefined : JSON.parse(text);
    if (response.ok) return value;
    const parsed = errorBody.safeParse(value);
    if (!parsed.success) throw new OktaError(response.status, `Okta answered ${response.status}`);
    const causes = parsed.data.errorCauses.map((cause) => cause.errorSummary).join("; ");
    const summary = `${parsed.data.errorSummary}${causes === "" ? "" : ` (${causes})`}`;
    throw new OktaError(response.status, `Okta answered ${response.status} ${parsed.data.errorCode}: ${summary}`);
  }

  const client: OktaClient = {
    call: async (method, path, body) => read(await send(method, `${url}/api/v1${path}`, body)),
    async list(path) {
      const all: unknown[] = [];
      let next: string | undefined = `${url}/api/v1${path}`;
      while (next !== undefined) {
        const response: Response = await send("GET", next);
        all.push(...z.array(z.unknown()).parse(await read(response)));
        next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
      }
      return all;
    },
    async find(path) {
      try {
        return await client.call("GET", path);
      } catch (error) {
        if (error instanceof OktaError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
  return client;
}
