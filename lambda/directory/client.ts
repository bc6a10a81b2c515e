import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isOfConnection } from "./transient.ts";

/**
 * SDK middleware that the function does not need: debug logging, the User-Agent header, and Lambda's recursion detection
 * (X-Amzn-Trace-Id). Removing it saves CPU on every request.
 */
const unneeded = ["loggerMiddleware", "getUserAgentMiddleware", "recursionDetectionMiddleware"];

/**
 * Milliseconds. DynamoDB answers in less than a hundredth of these times: a request that takes longer is lost, and the
 * directory sends it again. `requestTimeout` ends when the head of the answer arrives; `socketTimeout` covers a body
 * that stalls.
 */
const timeouts = { connectionTimeout: 1_000, requestTimeout: 3_000, socketTimeout: 3_000, throwOnRequestTimeout: true };

/**
 * Creates a client whose requests always end in time. It does not retry: the directory retries, within its deadline.
 */
export function createClient(): DynamoDBClient {
  const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 50 });
  const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 50 });
  const client = new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { ...timeouts, httpAgent, httpsAgent },
    // Middleware must be added before the first request.
    cacheMiddleware: true,
  });
  for (const name of unneeded) client.middlewareStack.remove(name);
  reuseSigner(client);
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (isOfConnection(error)) for (const agent of [httpAgent, httpsAgent]) dropIdle(agent);
        throw error;
      }
    },
    { step: "finalizeRequest", priority: "low", name: "dropIdleConnections" },
  );
  return client;
}

/** The SDK creates a signer for each request. One is enough, because it asks for the credentials each time it signs. */
function reuseSigner(client: DynamoDBClient): void {
  const { signer: createSigner } = client.config;
  let signer: ReturnType<typeof createSigner> | undefined;
  client.config.signer = (scheme) => (signer ??= createSigner(scheme));
}

/**
 * Closes the idle connections of the pool. If one is dead, the others often are too: while Lambda freezes a process,
 * its connections end without a signal. The next request then opens a new connection and does not wait for another
 * timeout.
 */
function dropIdle({ freeSockets }: HttpAgent): void {
  for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
