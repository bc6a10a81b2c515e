import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { defined } from "../defined.ts";
import type { HttpRequest, HttpResponse } from "./message.ts";

/** A request of an API Gateway HTTP API, payload format 2.0. The gateway gives header names in lower case. */
export function fromGateway(event: APIGatewayProxyEventV2): HttpRequest {
  return {
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8"),
    requestId: event.requestContext.requestId,
  };
}

/** The response as an API Gateway HTTP API takes it from the function, payload format 2.0. */
export function toGateway({ status, headers, body }: HttpResponse): APIGatewayProxyStructuredResultV2 {
  return defined({ statusCode: status, headers: { ...headers }, isBase64Encoded: false, body });
}
