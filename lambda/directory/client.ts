import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * What the SDK does for each request that nobody here sees the fruit of: it copies each request and answer for a logger
 * that is not there, tells its version, and hands on the mark by which Lambda finds functions that invoke each other.
 */
const useless = ["loggerMiddleware", "getUserAgentMiddleware", "recursionDetectionMiddleware"];

/** DynamoDB answers in milliseconds: what takes seconds is lost and is better tried again. The directory retries too. */
export function createClient(): DynamoDBClient {
  const client = new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 },
    // Whoever adds to the middleware does it before the first request.
    cacheMiddleware: true,
  });
  for (const name of useless) client.middlewareStack.remove(name);
  // The SDK makes one for each request. It asks for the credentials each time it signs.
  const { signer: createSigner } = client.config;
  let signer: ReturnType<typeof createSigner> | undefined;
  client.config.signer = (scheme) => (signer ??= createSigner(scheme));
  return client;
}
