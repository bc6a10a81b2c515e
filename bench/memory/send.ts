import type { Request } from "../measure/measure.ts";
import type { Ours } from "../contenders/ours.ts";

/** Milliseconds of one request. */
export interface Timing {
  /** Until the client had the answer: with gateway and, for a fresh process, its start. */
  readonly client: number;
  /** In the function's handler. */
  readonly handler: number;
  /** Processor time of the function's process during the request. */
  readonly cpu: number;
}

const TIMING = /^handler;dur=([\d.]+), cpu;dur=([\d.]+)$/;

/** Sends one request to the function with `timedHandler.cjs`. @throws Error for an answer other than success */
export async function send({ baseUrl, authorization }: Ours, { method, path, body }: Request): Promise<Timing> {
  const started = performance.now();
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: { authorization, "content-type": "application/scim+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const client = performance.now() - started;
  const [, handler, cpu] = TIMING.exec(response.headers.get("server-timing") ?? "") ?? [];
  if (!response.ok || handler === undefined) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
  return { client, handler: Number(handler), cpu: Number(cpu) };
}
