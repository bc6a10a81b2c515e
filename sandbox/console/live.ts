import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";

/** Server-sent events (WHATWG HTML, section 9.2) that tell every open page to read again. They carry no data. */
export interface Live {
  readonly open: (context: Context) => Response;
  /** Tells the pages that something changed, at most a few times a second. */
  readonly changed: () => void;
  close(): void;
}

/** Milliseconds between two events. */
const PACE_MS = 200;
/** Milliseconds between comments that keep a quiet connection open. */
const HEARTBEAT_MS = 15_000;

export function createLive(): Live {
  const pages = new Map<SSEStreamingApi, () => void>();
  const tell = (text: string): void => {
    for (const page of pages.keys()) void page.write(`${text}\n\n`);
  };
  const heartbeat = setInterval(() => tell(": still here"), HEARTBEAT_MS).unref();
  let pending: NodeJS.Timeout | undefined;
  return {
    open: (context) =>
      streamSSE(context, async (page) => {
        const ended = new Promise<void>((resolve) => {
          page.onAbort(resolve);
          pages.set(page, resolve);
        });
        await page.write("retry: 1000\n\n");
        await ended;
        pages.delete(page);
      }),
    changed: () => {
      pending ??= setTimeout(() => {
        pending = undefined;
        tell("event: change\ndata: {}");
      }, PACE_MS).unref();
    },
    close: () => {
      clearInterval(heartbeat);
      clearTimeout(pending);
      for (const end of pages.values()) end();
    },
  };
}
