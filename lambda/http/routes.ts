import { ScimError } from "../scim/error.ts";
import { readJson } from "./body.ts";
import { list } from "./list.ts";
import { respond, respondError, type HttpRequest, type HttpResponse } from "./message.ts";
import { readSearchRequest, readUrlQuery } from "./query.ts";
import { create, get, patch, readResourceRequest, remove, replace } from "./resources.ts";
import type { Context } from "./service.ts";
import type { ResourceType } from "../scim/schema/index.ts";

/** The path of the service on its host; also what the gateway's routes start with. */
export const BASE_PATH = "/api/v1/scim";

/** What a request asks for. `operation` is what logs call it: never an id. */
export interface Route {
  readonly operation: string;
  answer(): Promise<HttpResponse> | HttpResponse;
}

type Methods = Readonly<Record<string, () => Promise<HttpResponse> | HttpResponse>>;

/** Finds the answer to a request; 404 and 405 are routes too. */
export function findRoute(context: Context, request: HttpRequest): Route {
  const segments = segmentsOf(request.path);
  if (!segments) return absent();
  const { registry, discovery } = context.service;
  const [first = "", second, ...more] = segments;
  const body = () => readJson(request.body);

  const type = [registry.user, registry.group].find(
    ({ endpoint }) => endpoint.toLowerCase() === `/${first.toLowerCase()}`,
  );
  if (type && more.length === 0) return resourceRoute(context, request, type, second);
  if (first.toLowerCase() === ".search" && second === undefined) {
    return choose("Search", request.method, {
      POST: async () => respond(200, await list(context, [registry.user, registry.group], readSearchRequest(body()))),
    });
  }
  if (["me", "bulk"].includes(first.toLowerCase()) && second === undefined) {
    return refused(first, new ScimError(501, `/${first} is not offered by this directory.`));
  }
  const document = discovery.get(`/${segments.join("/")}`.toLowerCase());
  if (!document) return absent();
  return choose("Discovery", request.method, {
    GET: () => {
      if (request.query.has("filter")) throw new ScimError(403, "Discovery endpoints take no filter (RFC 7644 §4).");
      return respond(200, document);
    },
  });
}

function resourceRoute(context: Context, request: HttpRequest, type: ResourceType, id: string | undefined): Route {
  const body = () => readJson(request.body);
  const asked = () => readResourceRequest(type, request);
  if (id === undefined) {
    return choose(`${type.name}s`, request.method, {
      GET: async () => respond(200, await list(context, [type], readUrlQuery(request.query))),
      POST: () => create(context, asked(), body()),
    });
  }
  if (id.toLowerCase() === ".search") {
    return choose(`${type.name}s.search`, request.method, {
      POST: async () => respond(200, await list(context, [type], readSearchRequest(body()))),
    });
  }
  return choose(type.name, request.method, {
    GET: () => get(context, asked(), id),
    PUT: () => replace(context, asked(), id, body()),
    PATCH: () => patch(context, asked(), id, body()),
    DELETE: () => remove(context, asked(), id),
  });
}

function choose(name: string, method: string, methods: Methods): Route {
  const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (answer) return { operation: `${method} ${name}`, answer };
  const allowed = Object.keys(methods).join(", ");
  return refused(name, new ScimError(405, `This address takes only ${allowed}.`), { allow: allowed });
}

function refused(operation: string, error: ScimError, headers: Record<string, string> = {}): Route {
  return { operation, answer: () => respondError(error, headers) };
}

function absent(): Route {
  return refused("unknown", new ScimError(404, `There is nothing at this address; the base URL ends in ${BASE_PATH}.`));
}

/** The decoded segments below the base path; undefined outside of it or where the encoding is wrong. */
function segmentsOf(path: string): string[] | undefined {
  if (path !== BASE_PATH && !path.startsWith(`${BASE_PATH}/`)) return undefined;
  try {
    const segments = path
      .slice(BASE_PATH.length + 1)
      .replace(/\/+$/, "")
      .split("/")
      .map(decodeURIComponent);
    return segments.includes("") ? undefined : segments;
  } catch {
    return undefined;
  }
}
