import { createServer, request as send } from "node:http";
import { listenForTest } from "./listen.ts";
import { scimError } from "./scimServer.ts";

/** What may happen to a request instead of, or after, reaching the service. */
export const disturbances = ["429", "503", "409", "400", "cut before", "cut after"] as const;
export type Disturbance = (typeof disturbances)[number];

export interface DisturbingProxy {
  readonly baseUrl: string;
  /** Share of the requests that is disturbed, 0 to 1. */
  share: number;
  readonly done: Map<Disturbance, number>;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A proxy in front of a service that disturbs some of its requests, for one test. */
export async function startDisturbingProxy(target: string, random: () => number): Promise<DisturbingProxy> {
  const { origin, pathname } = new URL(target);
  const deck: Disturbance[] = [];
  /** Each kind occurs as often as the others, in a random order. */
  const draw = (): Disturbance | undefined => {
    if (deck.length === 0) deck.push(...disturbances);
    return deck.splice(Math.floor(random() * deck.length), 1)[0];
  };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const disturbance = random() < proxy.share ? draw() : undefined;
      if (disturbance !== undefined) proxy.done.set(disturbance, (proxy.done.get(disturbance) ?? 0) + 1);
      if (disturbance === "cut before") {
        incoming.socket.destroy();
        return;
      }
      if (disturbance !== undefined && disturbance !== "cut after") {
        const { status, body } = scimError(Number(disturbance), `The proxy answers ${disturbance}.`);
        const headers = { "content-type": "application/scim+json", ...(status === 429 ? { "retry-after": "0" } : {}) };
        outgoing.writeHead(status, headers).end(JSON.stringify(body));
        return;
      }
      const { host: _host, ...headers } = incoming.headers;
      const forwarded = send(
        `${origin}${incoming.url ?? ""}`,
        { method: incoming.method ?? "GET", headers },
        (answer) => {
          if (disturbance === "cut after") {
            answer.resume().on("end", () => incoming.socket.destroy());
            return;
          }
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      forwarded.on("error", () => incoming.socket.destroy());
      forwarded.end(Buffer.concat(chunks));
    });
  });
  const port = await listenForTest(server);
  const proxy: DisturbingProxy = { baseUrl: `http://127.0.0.1:${port}${pathname}`, share: 0, done: new Map() };
  return proxy;
}
