import { createServer } from "node:http";
import { readDirectory } from "../directoryView.ts";
import { hideSecrets } from "../outputs.ts";
import type { Tenant } from "../tenant.ts";
import { page } from "./page.ts";

export interface ConsolePage {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the page that shows the tenant: its outputs, its directory and each SCIM exchange. Reads only, holds no state
 * and no secret, binds to loopback and refuses foreign hosts and origins, so that no other web page can read it.
 */
export async function startConsole(tenant: Tenant): Promise<ConsolePage> {
  let address = "";
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, {
        "content-type": `${type}; charset=utf-8`,
        "content-security-policy":
          "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'",
        "cache-control": "no-store",
      });
      response.end(body);
    };
    const { host, origin } = request.headers;
    if (host !== address || (origin !== undefined && origin !== `http://${address}`)) {
      answer(403, "text/plain", "This page answers on its own address only.\n");
    } else if (request.method !== "GET") {
      answer(405, "text/plain", "This page only reads.\n");
    } else if (request.url === "/") {
      answer(200, "text/html", page(tenant.stack));
    } else if (request.url === "/state") {
      readState(tenant).then(
        (state) => answer(200, "application/json", JSON.stringify(state)),
        (error: unknown) => answer(502, "text/plain", error instanceof Error ? error.message : String(error)),
      );
    } else answer(404, "text/plain", "Not found\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the page has no address");
  address = `127.0.0.1:${bound.port}`;
  return {
    url: `http://${address}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const RECENT = 50;

async function readState(tenant: Tenant): Promise<unknown> {
  const { scimBaseUrl, scimToken } = tenant.outputs;
  const directory = await readDirectory(String(scimBaseUrl), String(scimToken));
  const exchanges = tenant.org.exchanges
    .slice(-RECENT)
    .map(({ at, method, url, status, ms }) => ({ at, method, url, status, ms }));
  return { outputs: hideSecrets(tenant.outputs, tenant.secretOutputs), directory, exchanges: exchanges.reverse() };
}
