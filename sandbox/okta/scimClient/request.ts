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

/**
 * Sends one HTTP request with exactly these headers and reads the whole answer. It uses Node's own client instead of
 * `fetch`, which adds headers that Okta does not send.
 * @param timeoutMs milliseconds without a byte from the server
 * @throws Error of the connection
 */
export function sendRequest(
  { method, url, headers, text }: RawRequest,
  { agents, timeoutMs, signal }: { readonly agents: Agents; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const length = text === undefined ? {} : { "Content-Length": String(Buffer.byteLength(text)) };
    const options = { method, headers: { ...headers, ...length }, timeout: timeoutMs, signal };
    const request =
      url.protocol === "https:"
        ? httpsRequest(url, { ...options, agent: agents.secure })
        : httpRequest(url, { ...options, agent: agents.plain });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error("Read timed out")));
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
