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
 * Milliseconds. DynamoDB answers in less than a hundredth of them: a request that takes longer is lost, and the directory
 * sends it again. `requestTimeout` ends when the head of the answer comes, `socketTimeout` is for a body that stalls.
 */
const timeouts = { connectionTimeout: 1_000, requestTimeout: 3_000, socketTimeout: 3_000, throwOnRequestTimeout: true };

/** A client whose requests end in time. It does not retry: the directory does, within its deadline. */
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

/** The SDK makes a signer for each request. One is enough: it asks for the credentials each time it signs. */
function reuseSigner(client: DynamoDBClient): void {
  const { signer: createSigner } = client.config;
  let signer: ReturnType<typeof createSigner> | undefined;
  client.config.signer = (scheme) => (signer ??= createSigner(scheme));
}

/**
 * Closes the idle connections of the pool. Where one is dead the others often are, too: while Lambda freezes a process, its
 * connections end without a sign. The next request opens a new one, and does not wait for another timeout.
 */
function dropIdle({ freeSockets }: HttpAgent): void {
  for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
