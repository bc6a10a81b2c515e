import { buffer } from "node:stream/consumers";
import { request as httpRequest, Agent, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface RawRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The body; undefined sends none. */
  readonly text: string | undefined;
}

/** Keep-alive connections for http and https. */
export interface Agents {
  readonly plain: Agent;
  readonly secure: SecureAgent;
}

export const createAgents = (): Agents => ({
  plain: new Agent({ keepAlive: true }),
  secure: new SecureAgent({ keepAlive: true }),
});

export function closeAgents({ plain, secure }: Agents): void {
  plain.destroy();
  secure.destroy();
}

interface Sending {
  readonly agents: Agents;
  /** Milliseconds without a byte from the server. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Methods whose request may be sent twice (RFC 9110 section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "PUT", "DELETE"]);

/** A reused connection that broke before the first byte of an answer. */
class StaleConnection extends Error {
  override readonly name = "StaleConnection";
}

/**
 * Sends one HTTP request with exactly these headers and reads the whole answer. It uses Node's own client instead of
 * `fetch`, which adds headers that Okta does not send.
 *
 * A server may close an idle connection at the moment when the client reuses it (RFC 9112 section 9.3.1). An idempotent
 * request is then sent again on a new connection. Any other request always has a connection of its own, because the
 * server may have executed it.
 * @throws Error of the connection
 */
export async function sendRequest(raw: RawRequest, sending: Sending): Promise<RawAnswer> {
  if (!IDEMPOTENT.has(raw.method)) return attempt(raw, sending, "new");
  try {
    return await attempt(raw, sending, "kept");
  } catch (error) {
    if (error instanceof StaleConnection) return attempt(raw, sending, "new");
    throw error;
  }
}

/** @throws StaleConnection, or any other Error of the connection */
function attempt(
  { method, url, headers, text }: RawRequest,
  { agents, timeoutMs, signal }: Sending,
  connection: "kept" | "new",
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const length = text === undefined ? {} : { "Content-Length": String(Buffer.byteLength(text)) };
    const options = { method, headers: { ...headers, ...length }, timeout: timeoutMs, signal };
    const isKept = connection === "kept";
    const request =
      url.protocol === "https:"
        ? httpsRequest(url, { ...options, agent: isKept && agents.secure })
        : httpRequest(url, { ...options, agent: isKept && agents.plain });
    request.on("error", (error) => {
      reject(request.reusedSocket ? new StaleConnection(error.message, { cause: error }) : error);
    });
    request.on("timeout", () => {
      const late = new Error("Read timed out");
      reject(late);
      request.destroy(late);
    });
    request.on("response", (response) => void readAnswer(response).then(resolve, reject));
    request.end(text);
  });
}

async function readAnswer(response: IncomingMessage): Promise<RawAnswer> {
  const body = await unpack(await buffer(response), response.headers["content-encoding"]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
    text: body.toString("utf8"),
  };
}

async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === "gzip") return promisify(gunzip)(body);
  return encoding === "deflate" ? promisify(inflate)(body) : body;
}
