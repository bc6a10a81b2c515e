import type { ServerResponse } from "node:http";

/** Server-sent events (WHATWG HTML, section 9.2) that tell every open page to look again. What there is to see, it asks for. */
export interface Live {
  open(response: ServerResponse): void;
  /** Something changed. However much changes, a page hears of it a few times a second. */
  readonly changed: () => void;
  close(): void;
}

/** Milliseconds between two events. */
const PACE_MS = 200;
/** Milliseconds between comments that keep a quiet connection open. */
const HEARTBEAT_MS = 15_000;

export function createLive(): Live {
  const pages = new Set<ServerResponse>();
  const tell = (text: string): void => {
    for (const page of pages) page.write(`${text}\n\n`);
  };
  const heartbeat = setInterval(() => tell(": still here"), HEARTBEAT_MS).unref();
  let pending: NodeJS.Timeout | undefined;
  return {
    open: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("retry: 1000\n\n");
      pages.add(response);
      response.on("close", () => pages.delete(response));
    },
    changed: () => {
      pending ??= setTimeout(() => {
        pending = undefined;
        tell("event: change\ndata: {}");
      }, PACE_MS).unref();
    },
    close: () => {
      clearInterval(heartbeat);
      clearTimeout(pending);
      for (const page of pages) page.end();
    },
  };
}
