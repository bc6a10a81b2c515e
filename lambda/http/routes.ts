import { BASE_PATH } from "../contract.ts";
import type { JsonValue } from "../model.ts";
import { bulkResponse } from "../scim/bulk/index.ts";
import { ScimError } from "../scim/error.ts";
import { readProjection } from "../scim/representation/projection.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { findResource, segmentsOf } from "../service/address.ts";
import { bulk } from "../service/bulk/index.ts";
import type { Context } from "../service/context.ts";
import { readEntityTags } from "../service/preconditions.ts";
import { create, get, patch, remove, replace, type Answer, type ResourceRequest } from "../service/resources.ts";
import { search, type SearchRequest } from "../service/search.ts";
import { readBody } from "./body.ts";
import { fittingPage, fittingRead, fittingWrite } from "./fitting.ts";
import {
  errorBody,
  failureOf,
  respond,
  respondAnswer,
  respondError,
  retryAfter,
  type HttpRequest,
  type HttpResponse,
} from "./message.ts";
import { readAttributeLists, readSearchBody, readUrlQuery } from "./parameters.ts";

/** What a request asks for. */
interface Route {
  /** The name in the log: never an id. */
  readonly operation: string;
  answer(): Promise<HttpResponse> | HttpResponse;
}

type Methods = Readonly<Record<string, () => Promise<HttpResponse> | HttpResponse>>;

/** Finds the route of a request; its `answer` may throw a `ScimError`, a 404 and 405 too. */
export function findRoute(context: Context, request: HttpRequest): Route {
  const segments = withoutVersion(segmentsBelowBase(request.path) ?? []);
  if (!segments) return unsupportedVersion();
  return resourceRoute(context, request, segments) ?? otherRoute(context, request, segments);
}

/** The route of a resource type or of a resource; undefined where the path is another one. */
function resourceRoute(context: Context, request: HttpRequest, segments: readonly string[]): Route | undefined {
  const address = findResource(context.service.registry, segments);
  if (!address) return undefined;
  const { type, id } = address;
  const asked = (): ResourceRequest => readResourceRequest(type, request);
  const write = async (answer: Promise<Answer>): Promise<HttpResponse> => fittingWrite(respondAnswer(await answer));
  if (id === undefined) {
    return choose(`${type.name}s`, request, {
      GET: () => respondSearch(context, [type], readUrlQuery(request.query)),
      POST: () => write(create(context, asked(), readBody(request))),
    });
  }
  if (id.toLowerCase() === ".search") return searchRoute(context, request, `${type.name}s.search`, [type]);
  return choose(type.name, request, {
    GET: async () => fittingRead(respondAnswer(await get(context, asked(), id))),
    PUT: () => write(replace(context, asked(), id, readBody(request))),
    PATCH: () => write(patch(context, asked(), id, readBody(request))),
    DELETE: () => write(remove(context, asked(), id)),
  });
}

function otherRoute(context: Context, request: HttpRequest, segments: readonly string[]): Route {
  const { registry, discovery } = context.service;
  const path = `/${segments.join("/")}`.toLowerCase();
  switch (path) {
    case "/.search":
      return searchRoute(context, request, "Search", [registry.user, registry.group]);
    case "/bulk":
      return choose("Bulk", request, { POST: () => respondBulk(context, request, readBody(request)) });
    case "/me":
      return refused("Me", ScimError.notImplemented("/Me is not offered: the token is the tenant's, not a person's."));
  }
  const document = discovery.get(path);
  if (!document) {
    return refused(
      "unknown",
      ScimError.notFound(`There is nothing at this address; the base URL ends in ${BASE_PATH}.`),
    );
  }
  return choose("Discovery", request, {
    GET: () => {
      if (request.query.has("filter")) throw ScimError.forbidden("Discovery endpoints take no filter (RFC 7644 §4).");
      return respond(200, document);
    },
  });
}

function searchRoute(context: Context, request: HttpRequest, name: string, types: readonly ResourceType[]): Route {
  return choose(name, request, { POST: () => respondSearch(context, types, readSearchBody(readBody(request))) });
}

function readResourceRequest(type: ResourceType, { query, headers }: HttpRequest): ResourceRequest {
  const { attributes, excludedAttributes } = readAttributeLists(query);
  return {
    type,
    projection: readProjection(type, attributes, excludedAttributes),
    preconditions: { match: readEntityTags(headers["if-match"]), noneMatch: readEntityTags(headers["if-none-match"]) },
  };
}

async function respondSearch(
  context: Context,
  types: readonly ResourceType[],
  request: SearchRequest,
): Promise<HttpResponse> {
  return fittingPage(await search(context, types, request));
}

async function respondBulk(context: Context, { requestId }: HttpRequest, body: JsonValue): Promise<HttpResponse> {
  const { results, failure } = await bulk(context, body);
  const rendered = results.map(({ error, ...result }) => ({
    ...result,
    response: error && errorBody(error, requestId),
  }));
  const busy = results.find(({ status }) => status === 429)?.error;
  return { ...respond(200, bulkResponse(rendered), retryAfter(busy)), ...failureOf(failure) };
}

function choose(name: string, { method, requestId }: HttpRequest, methods: Methods): Route {
  const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (answer) return { operation: `${method} ${name}`, answer };
  const { GET } = methods;
  if (method === "HEAD" && GET) {
    return { operation: `HEAD ${name}`, answer: async () => ({ ...(await GET()), body: undefined }) };
  }
  const allow = Object.keys(methods)
    .flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one]))
    .join(", ");
  const error = ScimError.methodNotAllowed(`This address takes only ${allow}.`);
  return { operation: name, answer: () => respondError(error, requestId, { allow }) };
}

function refused(operation: string, error: ScimError): Route {
  const answer = (): never => {
    throw error;
  };
  return { operation, answer };
}

function unsupportedVersion(): Route {
  return refused(
    "unknown",
    ScimError.invalidVers(
      "The path names another version of the protocol. Use /v2, or leave the version out of the path.",
    ),
  );
}

/** The segments without the protocol version that a client may name (RFC 7644 §3.13); undefined for another one than 2. */
function withoutVersion(segments: readonly string[]): readonly string[] | undefined {
  const version = /^v(\d+)(\.\d+)?$/i.exec(segments[0] ?? "");
  if (!version) return segments;
  return version[1] === "2" ? segments.slice(1) : undefined;
}

/** The decoded segments below the base path; undefined outside of it or where the encoding is wrong. */
function segmentsBelowBase(path: string): string[] | undefined {
  return path.startsWith(`${BASE_PATH}/`) ? segmentsOf(path.slice(BASE_PATH.length + 1)) : undefined;
}
