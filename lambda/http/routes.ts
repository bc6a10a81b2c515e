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

/** The operation that a request asks for. */
interface Route {
  /** The name in the log: never an id. */
  readonly operation: string;
  /** Whether a request without credentials is served. */
  readonly isPublic?: boolean;
  /** Whether it changes nothing, so that a reader may ask for it. */
  readonly readsOnly?: boolean;
  answer(): Promise<HttpResponse> | HttpResponse;
}

/** Characters of a path that an error quotes. */
const QUOTED = 100;

type Methods = Readonly<Record<string, () => Promise<HttpResponse> | HttpResponse>>;

/** Finds the route of a request. Its `answer` may throw a `ScimError`, including 404 and 405. */
export function findRoute(context: Context, request: HttpRequest): Route & { readonly readsOnly: boolean } {
  const route = locate(context, request);
  return { ...route, readsOnly: route.readsOnly ?? isRead(request) };
}

const isRead = ({ method }: HttpRequest): boolean => method === "GET" || method === "HEAD";

function locate(context: Context, request: HttpRequest): Route {
  const segments = segmentsBelowBase(request.path);
  if (!segments) return refused("unknown", ScimError.notFound(`No endpoint has this path. ${ENDPOINTS}`));
  const version = segments[0] ?? "";
  if (isOtherVersion(version)) return unsupportedVersion(version);
  const rest = /^v2(\.\d+)?$/i.test(version) ? segments.slice(1) : segments;
  return resourceRoute(context, request, rest) ?? otherRoute(context, request, rest);
}

/** The route of a resource type or of a resource; undefined if the path is another one. */
function resourceRoute(context: Context, request: HttpRequest, segments: readonly string[]): Route | undefined {
  const address = findResource(context.service, segments);
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
  const { service } = context;
  const path = `/${segments.join("/")}`.toLowerCase();
  switch (path) {
    case "/.search":
      return searchRoute(context, request, "Search", [service.registry.user, service.registry.group]);
    case "/bulk":
      return choose("Bulk", request, { POST: () => respondBulk(context, request, readBody(request)) });
    case "/me":
      return refused("Me", ScimError.notImplemented("/Me is not offered: the token is the tenant's, not a person's."));
  }
  const document = service.discovery.get(path);
  if (!document) return refused("unknown", absent(segments));
  const route = choose("Discovery", request, {
    GET: () => {
      if (request.query.has("filter")) throw ScimError.forbidden("Discovery endpoints take no filter (RFC 7644 §4).");
      return respond(200, document);
    },
  });
  return { ...route, isPublic: isRead(request) && path === "/serviceproviderconfig" };
}

const ENDPOINTS = `The base URL ends in ${BASE_PATH}; below it are /Users, /Groups, /Bulk, /.search, /ServiceProviderConfig, /Schemas and /ResourceTypes.`;

/** The 404 of a path without an endpoint. */
function absent(segments: readonly string[]): ScimError {
  const [first = "", name = "", ...more] = segments;
  const quoted = JSON.stringify(name.slice(0, QUOTED));
  if (segments.length === 0) return ScimError.notFound(`This is the base URL, not an endpoint. ${ENDPOINTS}`);
  if (name !== "" && more.length === 0) {
    if (first.toLowerCase() === "schemas") {
      return ScimError.notFound(`There is no schema ${quoted}. GET /Schemas lists the schemas of this directory.`);
    }
    if (first.toLowerCase() === "resourcetypes") {
      return ScimError.notFound(`There is no resource type ${quoted}. The resource types are User and Group.`);
    }
  }
  return ScimError.notFound(
    `No endpoint has the path ${JSON.stringify(`/${segments.join("/")}`.slice(0, QUOTED))}. ${ENDPOINTS}`,
  );
}

function searchRoute(context: Context, request: HttpRequest, name: string, types: readonly ResourceType[]): Route {
  const route = choose(name, request, {
    POST: () => respondSearch(context, types, readSearchBody(readBody(request))),
  });
  return { ...route, readsOnly: isRead(request) || request.method === "POST" };
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
  // The gateway leaves out the body, and keeps its length.
  if (method === "HEAD" && GET) return { operation: `HEAD ${name}`, answer: GET };
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

/** Whether a path begins with a version of the protocol other than 2 (RFC 7644 §3.13). */
function isOtherVersion(segment: string): boolean {
  const version = /^v(\d+)(\.\d+)?$/i.exec(segment)?.[1];
  return version !== undefined && version !== "2";
}

function unsupportedVersion(version: string): Route {
  return refused(
    "unknown",
    ScimError.invalidVers(
      `Protocol version ${version.slice(0, QUOTED)} is not supported. Use v2, or leave the version out of the path.`,
    ),
  );
}

/** The decoded segments below the base path; none for the base URL; undefined outside or where the encoding is wrong. */
function segmentsBelowBase(path: string): readonly string[] | undefined {
  const below = path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : undefined;
  return below === undefined || !/^(\/|$)/.test(below) ? undefined : segmentsOf(below);
}
