import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";

/**
 * Server-sent events (WHATWG HTML, section 9.2). `change` tells every open page to read again and carries no data;
 * `deployment` carries the deployment that is shown, and comes first on each new connection. `restart` precedes the end of
 * a tenant that starts again.
 */
export interface Live {
  readonly open: (context: Context) => Response;
  /** Tells the pages that something changed, at most a few times a second. */
  readonly changed: () => void;
  /** Sends the deployment as it is now, at most a few times a second. */
  readonly deploymentChanged: () => void;
  /** Tells the pages that the tenant starts again by itself. Resolves once it is sent. */
  readonly startingAgain: () => Promise<void>;
  close(): void;
}

/** Milliseconds between two events. */
const PACE_MS = 200;
/** Milliseconds between comments that keep a quiet connection open. */
const HEARTBEAT_MS = 15_000;

/** @param readDeployment the state of deployments, as JSON */
export function createLive(readDeployment: () => unknown): Live {
  const pages = new Map<SSEStreamingApi, () => void>();
  const tell = (text: string): void => {
    for (const page of pages.keys()) void page.write(`${text}\n\n`);
  };
  const paced = (text: () => string) => {
    let pending: NodeJS.Timeout | undefined;
    return {
      soon: (): void => {
        pending ??= setTimeout(() => {
          pending = undefined;
          tell(text());
        }, PACE_MS).unref();
      },
      stop: (): void => clearTimeout(pending),
    };
  };
  const deploymentText = (): string => `event: deployment\ndata: ${JSON.stringify(readDeployment())}`;
  const change = paced(() => "event: change\ndata: {}");
  const deployment = paced(deploymentText);
  const heartbeat = setInterval(() => tell(": still here"), HEARTBEAT_MS).unref();
  return {
    open: (context) =>
      streamSSE(context, async (page) => {
        const ended = new Promise<void>((resolve) => {
          page.onAbort(resolve);
          pages.set(page, resolve);
        });
        await page.write(`retry: 1000\n${deploymentText()}\n\n`);
        await ended;
        pages.delete(page);
      }),
    changed: change.soon,
    deploymentChanged: deployment.soon,
    startingAgain: async () => {
      await Promise.all([...pages.keys()].map((page) => page.write("event: restart\ndata: {}\n\n")));
    },
    close: () => {
      clearInterval(heartbeat);
      change.stop();
      deployment.stop();
      for (const end of pages.values()) end();
    },
  };
}
