import type { ServerResponse } from "node:http";

/** Server-sent events (WHATWG HTML, section 9.2): what changed, for every page that is open. */
export interface Live {
  open(response: ServerResponse): void;
  send(event: "exchange" | "change", data: unknown): void;
  close(): void;
}

/** Milliseconds between comments that keep a quiet connection open. */
const HEARTBEAT_MS = 15_000;

export function createLive(): Live {
  const pages = new Set<ServerResponse>();
  const heartbeat = setInterval(() => {
    for (const page of pages) page.write(": still here\n\n");
  }, HEARTBEAT_MS).unref();
  return {
    open: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("retry: 1000\n\n");
      pages.add(response);
      response.on("close", () => pages.delete(response));
    },
    send: (event, data) => {
      for (const page of pages) page.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    close: () => {
      clearInterval(heartbeat);
      for (const page of pages) page.end();
    },
  };
}
