import { buffer } from "node:stream/consumers";
import { request as send, type Agent, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** An answer of the engine. */
export interface EngineAnswer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

const JSON_TYPE = "application/x-amz-json-1.0";
/** Number of parts in which a slow body is sent. */
const SLOW_PARTS = 8;

/** Sends one request to the engine. */
export function askEngine(
  target: URL,
  agent: Agent,
  headers: IncomingHttpHeaders,
  text: string,
): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    const kept = Object.entries(headers).filter(([name]) => name !== "connection" && name !== "transfer-encoding");
    const outgoing = send(
      target,
      {
        agent,
        method: "POST",
        headers: { ...Object.fromEntries(kept), host: target.host, "content-length": Buffer.byteLength(text) },
      },
      (incoming) => {
        const { statusCode: status = 500, headers } = incoming;
        const answer = (bytes: Buffer): void => resolve({ status, type: headers["content-type"] ?? JSON_TYPE, bytes });
        buffer(incoming).then(answer, reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

/** Answers with an error body of DynamoDB. */
export function refuse(response: ServerResponse, body: Readonly<Record<string, unknown>>, status = 400): void {
  reply(response, { status, type: JSON_TYPE, bytes: Buffer.from(JSON.stringify(body)) });
}

export function reply(response: ServerResponse, { status, type, bytes }: EngineAnswer): void {
  response.writeHead(status, { "content-type": type, "content-length": bytes.length });
  response.end(bytes);
}

/** An answer of a proxy in front of DynamoDB: no JSON, no error name. */
export function replyBare(response: ServerResponse, status: number): void {
  const bytes = Buffer.from(`<html><body><h1>${status} Service Unavailable</h1></body></html>`);
  reply(response, { status, type: "text/html", bytes });
}

/** Sends the head and a first part of the body, then cuts the connection, stops, or sends the rest over some time. */
export async function replyBadly(
  response: ServerResponse,
  { status, type, bytes }: EngineAnswer,
  how: "cut" | "stalled" | { readonly slowMs: number },
): Promise<void> {
  response.writeHead(status, { "content-type": type, "content-length": bytes.length });
  const half = Math.floor(bytes.length / 2);
  if (how === "cut") {
    response.write(bytes.subarray(0, half), () => response.destroy());
    return;
  }
  if (how === "stalled") {
    response.write(bytes.subarray(0, half));
    return;
  }
  for (let part = 0; part < SLOW_PARTS; part++) {
    const [from, to] = [part, part + 1].map((at) => Math.floor((bytes.length * at) / SLOW_PARTS));
    response.write(bytes.subarray(from, to));
    await sleep(how.slowMs / SLOW_PARTS);
  }
  response.end();
}
