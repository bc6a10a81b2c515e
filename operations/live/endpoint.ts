/** The answer of a SCIM service; without a status if there was none. */
export interface ProbeAnswer {
  readonly status: number | undefined;
  /** Parsed JSON, or the text if it is not JSON. For a request that failed, the reason. */
  readonly body: unknown;
}

/** Sends one request to a SCIM service as Okta does. */
export interface EndpointProber {
  /** `authorization` is the whole header value. Without it, no header is sent. */
  get(path: string, authorization: string | undefined): Promise<ProbeAnswer>;
  /** Asks to delete a resource. */
  remove(path: string, authorization: string): Promise<ProbeAnswer>;
}

/** Okta gives up after 60 seconds without an answer (its SCIM FAQ). */
const TIMEOUT_MS = 60_000;

/** A prober of the SCIM service at a base URL. It never throws: a request without an answer has no status. */
export function scimEndpoint(baseUrl: string): EndpointProber {
  const send = (method: string, path: string, authorization: string | undefined): Promise<ProbeAnswer> =>
    probe(`${baseUrl}${path}`, {
      method,
      headers: {
        accept: "application/scim+json",
        "accept-charset": "utf-8",
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
  return {
    get: (path, authorization) => send("GET", path, authorization),
    remove: (path, authorization) => send("DELETE", path, authorization),
  };
}

/** Sends a request that is safe to repeat. It never throws: a request without an answer has no status. */
export async function probe(
  url: string,
  request: Readonly<Pick<RequestInit, "method" | "headers" | "body">>,
): Promise<ProbeAnswer> {
  const ask = async (): Promise<ProbeAnswer> => {
    const response = await fetch(url, {
      ...request,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: parsed(await response.text()) };
  };
  try {
    return await ask().catch((error: unknown) => {
      // A pooled connection that the other side has closed meanwhile fails at its next use.
      if (stale.has(codeOf(error))) return ask();
      throw error;
    });
  } catch (error) {
    return { status: undefined, body: reason(error) };
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** Codes of a connection that ended before an answer came. */
const stale: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** The system's code for a request that failed, such as `ECONNRESET`. */
const codeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;

/** The message `fetch failed` says nothing; its cause names the reason. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
