import { BASE_PATH } from "../contract.ts";
import type { BulkOperation } from "../scim/bulk/index.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonValue } from "../model.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { readBody } from "./body.ts";
import { bulk } from "../service/bulk.ts";
import { list } from "../query/list.ts";
import { respond, respondError, respondFailure, type HttpRequest, type HttpResponse } from "./message.ts";
import { readSearchRequest, readUrlQuery } from "../query/query.ts";
import { create, get, patch, readResourceRequest, remove, replace } from "../service/resources.ts";
import type { Context } from "../service/context.ts";

/** What a request asks for. `operation` is what logs call it: never an id. */
export interface Route {
  readonly operation: string;
  answer(): Promise<HttpResponse> | HttpResponse;
}

type Methods = Readonly<Record<string, () => Promise<HttpResponse> | HttpResponse>>;

/** What a resource's routes need of a request: that of HTTP, or an operation of a bulk request. */
interface Asked extends Pick<HttpRequest, "method" | "query" | "headers"> {
  body(): JsonValue;
}

/** Finds the answer to a request; 404 and 405 are routes too. */
export function findRoute(context: Context, request: HttpRequest): Route {
  const segments = unversioned(segmentsOf(request.path) ?? []);
  if (!segments) return refused("unknown", ScimError.invalidVers("This is SCIM 2.0."));
  const { registry, discovery } = context.service;
  const [first = "", second] = segments;
  const asked: Asked = { ...request, body: () => readBody(request) };

  const resource = resourceRoute(context, asked, segments);
  if (resource) return resource;
  if (first.toLowerCase() === ".search" && second === undefined) {
    return choose("Search", request.method, {
      POST: async () =>
        respond(200, await list(context, [registry.user, registry.group], readSearchRequest(asked.body()))),
    });
  }
  if (first.toLowerCase() === "bulk" && second === undefined) {
    return choose("Bulk", request.method, {
      POST: () =>
        bulk(
          asked.body(),
          (operation) => perform(context, operation, request.requestId),
          (path) => context.service.baseUrl + path,
        ),
    });
  }
  if (first.toLowerCase() === "me" && second === undefined) {
    const error = ScimError.notImplemented("/Me is not offered: the token is the tenant's, not a person's.");
    return { operation: "Me", answer: () => respondFailure(error, request.requestId) };
  }
  const document = discovery.get(`/${segments.join("/")}`.toLowerCase());
  if (!document) return absent();
  return choose("Discovery", request.method, {
    GET: () => {
      if (request.query.has("filter")) throw ScimError.forbidden("Discovery endpoints take no filter (RFC 7644 §4).");
      return respond(200, document);
    },
  });
}

/** The route of a resource type or of a resource; undefined where the path is another one. */
function resourceRoute(context: Context, request: Asked, segments: readonly string[]): Route | undefined {
  const { user, group } = context.service.registry;
  const [first = "", id, ...more] = segments;
  const type = [user, group].find(({ endpoint }) => endpoint.toLowerCase() === `/${first.toLowerCase()}`);
  if (!type || more.length > 0) return undefined;
  if (id === undefined) return typeRoute(context, request, type);
  if (id.toLowerCase() === ".search") {
    return choose(`${type.name}s.search`, request.method, {
      POST: async () => respond(200, await list(context, [type], readSearchRequest(request.body()))),
    });
  }
  const asked = () => readResourceRequest(type, request);
  return choose(type.name, request.method, {
    GET: () => get(context, asked(), id),
    PUT: () => replace(context, asked(), id, request.body()),
    PATCH: () => patch(context, asked(), id, request.body()),
    DELETE: () => remove(context, asked(), id),
  });
}

function typeRoute(context: Context, request: Asked, type: ResourceType): Route {
  return choose(`${type.name}s`, request.method, {
    GET: async () => respond(200, await list(context, [type], readUrlQuery(request.query))),
    POST: () => create(context, readResourceRequest(type, request), request.body()),
  });
}

/** Does an operation of a bulk request: a POST, PUT, PATCH or DELETE of a resource, answered with its id alone. */
async function perform(context: Context, operation: BulkOperation, requestId: string): Promise<HttpResponse> {
  try {
    const { method, path, version, data } = operation;
    if (!["POST", "PUT", "PATCH", "DELETE"].includes(method)) {
      throw ScimError.invalidSyntax("method must be POST, PUT, PATCH or DELETE.");
    }
    const asked: Asked = {
      method,
      query: new URLSearchParams({ attributes: "id" }),
      headers: version === undefined ? {} : { "if-match": version },
      body: () => {
        if (data === undefined) throw ScimError.invalidSyntax(`${method} needs data.`);
        return data;
      },
    };
    const segments = path.startsWith("/") ? decoded(path.slice(1)) : undefined;
    const isSearch = segments?.[1]?.toLowerCase() === ".search";
    const route = segments && !isSearch ? resourceRoute(context, asked, segments) : undefined;
    if (!route) {
      throw ScimError.invalidPath("path must be /Users, /Groups or one of their resources.");
    }
    return await route.answer();
  } catch (error) {
    return respondFailure(error, requestId);
  }
}

function choose(name: string, method: string, methods: Methods): Route {
  const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (answer) return { operation: `${method} ${name}`, answer };
  const { GET } = methods;
  if (method === "HEAD" && GET) {
    return { operation: `HEAD ${name}`, answer: async () => ({ ...(await GET()), body: undefined }) };
  }
  const allowed = Object.keys(methods)
    .flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one]))
    .join(", ");
  return refused(name, ScimError.methodNotAllowed(`This address takes only ${allowed}.`), { allow: allowed });
}

function refused(operation: string, error: ScimError, headers: Record<string, string> = {}): Route {
  return { operation, answer: () => respondError(error, headers) };
}

function absent(): Route {
  return refused("unknown", ScimError.notFound(`There is nothing at this address; the base URL ends in ${BASE_PATH}.`));
}

/** Without the protocol version that a client may name (RFC 7644 §3.13); undefined for another one than 2. */
function unversioned(segments: readonly string[]): readonly string[] | undefined {
  const version = /^v(\d+)(\.\d+)?$/i.exec(segments[0] ?? "");
  if (!version) return segments;
  return version[1] === "2" ? segments.slice(1) : undefined;
}

/** The decoded segments below the base path; undefined outside of it or where the encoding is wrong. */
function segmentsOf(path: string): string[] | undefined {
  return path.startsWith(`${BASE_PATH}/`) ? decoded(path.slice(BASE_PATH.length + 1)) : undefined;
}

function decoded(path: string): string[] | undefined {
  try {
    const segments = path.replace(/\/+$/, "").split("/").map(decodeURIComponent);
    return segments.includes("") ? undefined : segments;
  } catch {
    return undefined;
  }
}
