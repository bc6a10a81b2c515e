import type { IncomingMessage } from "node:http";
import { z } from "zod";

export interface EventContext {
  /** The answer carries it in `apigw-requestid`. */
  readonly requestId: string;
  readonly apiId: string;
  readonly region: string;
  readonly account: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  /** A name with several values has an array. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/**
 * Media types whose body reaches the function as text. AWS publishes no list for payload 2.0. Any other body arrives in
 * base64, including application/scim+json.
 */
const TEXT = /^(text\/.*|application\/(json|xml|javascript))$/;

/** The event of payload format 2.0 (API Gateway developer guide, "Lambda proxy integrations for HTTP APIs"). */
export function makeEvent(request: IncomingMessage, body: Buffer, context: EventContext): Record<string, unknown> {
  const { apiId, stage, routeKey, parameters, requestId } = context;
  const [rawPath = "/", ...rest] = (request.url ?? "/").split("?");
  const rawQueryString = rest.join("?");
  const { headers, cookies } = joinHeaders(request);
  const query = joinQuery(rawQueryString);
  const isText = TEXT.test((headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "");
  const now = new Date();
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(rawQueryString === "" ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: context.account,
      apiId,
      domainName: headers["host"] ?? "",
      domainPrefix: apiId,
      http: {
        method: request.method ?? "GET",
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage,
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(parameters).length > 0 ? { pathParameters: { ...parameters } } : {}),
    ...(body.length > 0 ? { body: body.toString(isText ? "utf8" : "base64") } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

const structured = z.object({
  statusCode: z.union([z.int().min(200).max(599), z.stringFormat("status", /^[2-5]\d\d$/).transform(Number)]),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * The HTTP answer for a function's result: the result's own answer if it has a `statusCode`, else 200 with the result
 * as JSON.
 * @param payload JSON text
 * @returns undefined if the gateway cannot make an answer of it
 */
export function readAnswer(payload: string): HttpAnswer | undefined {
  const value: unknown = JSON.parse(payload);
  if (value === null || typeof value !== "object" || !("statusCode" in value)) {
    const text = typeof value === "string" ? value : payload;
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(text) };
  }
  const parsed = structured.safeParse(value);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const named = Object.entries(headers ?? {}).map(([name, content]) => [name.toLowerCase(), String(content)] as const);
  return {
    status: statusCode,
    headers: {
      ...(body ? { "content-type": "text/plain; charset=utf-8" } : {}),
      ...Object.fromEntries(named),
      ...(cookies && cookies.length > 0 ? { "set-cookie": cookies } : {}),
    },
    body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
  };
}

/** Lower-case names; several values are joined by a comma; cookies have a list of their own. */
function joinHeaders(request: IncomingMessage): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values === undefined) continue;
    if (name === "cookie") cookies.push(...values.flatMap((value) => value.split(/;\s*/)));
    else headers[name] = values.join(",");
  }
  return { headers, cookies };
}

function joinQuery(raw: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(raw)) {
    query[name] = name in query ? `${query[name] ?? ""},${value}` : value;
  }
  return query;
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day ?? ""}/${month ?? ""}/${year ?? ""}:${time ?? ""} +0000`;
}
