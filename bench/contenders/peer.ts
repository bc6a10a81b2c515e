import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Contender } from "../measure/measure.ts";

const SERVER = fileURLToPath(new URL("../peers/scimmy.mjs", import.meta.url));
const INSTALLED = fileURLToPath(new URL("../node_modules/scimmy", import.meta.url));

export interface Peer extends Contender {
  close(): Promise<void>;
}

/** Whether `npm ci --prefix bench` installed the peer. */
export const hasPeer = (): boolean => existsSync(INSTALLED);

/** scimmy with scimmy-routers on Express, with all of its data in memory. */
export async function startPeer(): Promise<Peer> {
  const child = fork(SERVER, [], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = new AbortController();
  child.once("exit", () => ended.abort(new Error("the peer ended")));
  const next = async <T extends z.ZodType>(shape: T): Promise<z.output<T>> => {
    const messages: unknown[] = await once(child, "message", { signal: ended.signal });
    return shape.parse(messages[0]);
  };
  const { port } = await next(z.object({ port: z.number() }));
  let cpu = 0;
  const headers = { authorization: "Bearer bench", "content-type": "application/scim+json" };
  return {
    async send({ method, path, body }) {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`http://127.0.0.1:${port}/scim${path}`, { method, headers, ...text });
      const answer = await response.text();
      cpu = cpuOf(response.headers.get("server-timing"));
      if (!response.ok) throw new Error(`the peer answered ${method} ${path} with ${response.status} ${answer}`);
      return answer === "" ? undefined : (JSON.parse(answer) as unknown);
    },
    cpu: () => cpu,
    async peakMemory() {
      const answer = next(z.object({ peakMemory: z.number() }));
      child.send("memory");
      return (await answer).peakMemory;
    },
    // Its data is in its process.
    restart: async () => undefined,
    consumed: () => undefined,
    async close() {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}

/** Milliseconds in a `Server-Timing` header (https://www.w3.org/TR/server-timing/). */
function cpuOf(timing: string | null): number {
  const duration = /^cpu;dur=([\d.]+)$/.exec(timing ?? "")?.[1];
  if (duration === undefined) throw new Error("the peer did not tell its processor time");
  return Number(duration);
}
