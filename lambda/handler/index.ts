import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { createClient } from "../directory/client.ts";
import { createDirectory } from "../directory/index.ts";
import { metered } from "../directory/meter.ts";
import { readEnvironment } from "../http/environment.ts";
import { fromGateway, toGateway } from "../http/gateway.ts";
import { handle } from "../http/handle.ts";
import { logLine } from "../http/log.ts";
import { createService } from "../service/context.ts";
import { writeLine } from "./writeLine.ts";

/** Milliseconds kept for a response, so that a request whose time is over is still answered. */
const RESERVE = 3000;

const environment = readEnvironment(process.env);
const service = createService(environment);
const client = metered(createClient());
let coldStart = true;

/** The Lambda function: an event of an API Gateway HTTP API (payload 2.0) in, its SCIM answer out. */
export async function handler(
  event: APIGatewayProxyEventV2,
  context: Pick<Context, "getRemainingTimeInMillis" | "functionName">,
): Promise<APIGatewayProxyStructuredResultV2> {
  const deadline = { remaining: () => context.getRemainingTimeInMillis() - RESERVE };
  const { requestId } = event.requestContext;
  const transaction = environment.events ? requestId : undefined;
  const directory = createDirectory({ client, tableName: environment.tableName, deadline, transaction });
  const { tokens } = environment;
  const response = await handle({ service, directory, deadline }, fromGateway(event), (line) => {
    const { functionName } = context;
    const text = logLine(line, { functionName, tokens, usage: client.takeUsage(), coldStart, time: Date.now() });
    writeLine(text);
  });
  coldStart = false;
  return toGateway(response);
}
