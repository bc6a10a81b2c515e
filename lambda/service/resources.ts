import type { ChangedGroup, Stored, WriteOptions } from "../model.ts";
import { readDocument } from "../scim/document/index.ts";
import { own } from "../scim/values/json.ts";
import type { JsonObject, JsonValue } from "../model.ts";
import { readPatch } from "../scim/patch/index.ts";
import { project, readProjection, type Projection } from "../scim/representation/projection.ts";
import { etag, locationOf, represent } from "../scim/representation/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { isNotModified, writeCondition } from "./conditions.ts";
import { load, present, wantedBy } from "./load.ts";
import { respond, type HttpRequest, type HttpResponse } from "../http/message.ts";
import { readAttributeLists, type AttributeLists } from "../query/query.ts";
import type { Context } from "./context.ts";

/** A request for one resource type, its parameters already read. */
export interface ResourceRequest {
  readonly type: ResourceType;
  readonly lists: AttributeLists;
  readonly projection: Projection;
  readonly headers: HttpRequest["headers"];
}

export function readResourceRequest(
  type: ResourceType,
  request: Pick<HttpRequest, "query" | "headers">,
): ResourceRequest {
  const lists = readAttributeLists(request.query);
  const projection = readProjection(type, lists.attributes, lists.excludedAttributes);
  return { type, lists, projection, headers: request.headers };
}

/** RFC 7644 §3.3. A user that comes without `active` is active. */
export async function create(context: Context, request: ResourceRequest, body: JsonValue): Promise<HttpResponse> {
  const { type } = request;
  const { attributes, members } = readDocument(type, body);
  if (type.name === "User") {
    const stored = await context.directory.createUser({ active: true, ...attributes });
    return answer(context, request, 201, stored, true);
  }
  const stored = await context.directory.createGroup(attributes, members ?? new Set());
  return answer(context, request, 201, stored, true);
}

/** RFC 7644 §3.4.1, with `If-None-Match`. */
export async function get(context: Context, request: ResourceRequest, id: string): Promise<HttpResponse> {
  const { type, projection, headers } = request;
  const { stored, connections } = await load(context.directory, type, id, wantedBy(type, projection));
  const tag = etag(stored.version);
  if (isNotModified(headers, stored.version)) return respond(304, undefined, { etag: tag });
  const resource = represent(type, context.service.baseUrl, stored, connections);
  return respond(200, project(type, projection, resource), { etag: tag });
}

/**
 * RFC 7644 §3.5.1. What the document does not name is cleared, except `active` and `members`: a client that leaves
 * them out does not mean to change who may sign in or who belongs to a group.
 */
export async function replace(
  context: Context,
  request: ResourceRequest,
  id: string,
  body: JsonValue,
): Promise<HttpResponse> {
  const { directory } = context;
  const { attributes, members } = readDocument(request.type, body);
  const options: WriteOptions = { ifMatch: writeCondition(request.headers) };
  if (request.type.name === "User") {
    const keepActive = (current: Stored): JsonObject => {
      const active = own(current.attributes, "active");
      return active === undefined ? attributes : { active, ...attributes };
    };
    return answer(context, request, 200, await directory.updateUser(id, keepActive, options));
  }
  const change = { attributes, members: members && { kind: "replace" as const, members } };
  return answer(context, request, 200, await directory.updateGroup(id, () => change, options));
}

/** RFC 7644 §3.5.2. A group is answered with 204 unless `attributes` is asked: its members cost a read. */
export async function patch(
  context: Context,
  request: ResourceRequest,
  id: string,
  body: JsonValue,
): Promise<HttpResponse> {
  const { directory } = context;
  const changes = readPatch(request.type, body);
  const options: WriteOptions = { ifMatch: writeCondition(request.headers) };
  if (request.type.name === "User") {
    return answer(
      context,
      request,
      200,
      await directory.updateUser(id, (current) => changes.apply(current.attributes), options),
    );
  }
  const stored = await directory.updateGroup(
    id,
    (current) => ({ attributes: changes.apply(current.attributes), members: changes.members }),
    options,
  );
  if (request.lists.attributes.length > 0) return answer(context, request, 200, stored);
  return respond(204, undefined, { etag: etag(stored.version) });
}

/** RFC 7644 §3.6. */
export async function remove({ directory }: Context, request: ResourceRequest, id: string): Promise<HttpResponse> {
  const options: WriteOptions = { ifMatch: writeCondition(request.headers) };
  if (request.type.name === "User") await directory.deleteUser(id, options);
  else await directory.deleteGroup(id, options);
  return respond(204);
}

/** Answers a write. What it had to know of a group's members is not read again. */
async function answer(
  context: Context,
  { type, projection }: ResourceRequest,
  status: number,
  stored: ChangedGroup,
  isNew = false,
): Promise<HttpResponse> {
  const { baseUrl } = context.service;
  const { members } = stored;
  const known = project(type, projection, represent(type, baseUrl, stored, { members }));
  // A resource deleted since the write is still what the write answered.
  const [resource = known] = members ? [known] : await present(context, type, projection, [stored]);
  return respond(status, resource, {
    etag: etag(stored.version),
    ...(isNew ? { location: locationOf(type, baseUrl, stored.id) } : {}),
  });
}
