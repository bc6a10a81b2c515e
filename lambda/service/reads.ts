import type { JsonObject } from "../model.ts";
import { project, wants, type Projection } from "../scim/representation/projection.ts";
import { etag, represent } from "../scim/representation/resource.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import type { Context } from "./context.ts";
import { kinds, type Connected } from "./kinds.ts";
import { isNotModified, type Preconditions } from "./preconditions.ts";

/** A request for resources of one type. */
export interface ResourceRequest {
  readonly type: ResourceType;
  readonly projection: Projection;
  readonly preconditions: Preconditions;
}

/** The answer of a use case; errors are thrown. */
export interface Answer {
  readonly status: 200 | 201 | 204 | 304;
  /** Undefined if the answer has no body. */
  readonly resource?: JsonObject;
  /** The entity tag of the resource in the answer. */
  readonly version?: string;
  /** The address of a resource that was created. */
  readonly location?: string;
}

/** Reads a resource (RFC 7644 §3.4.1). Throws 404, and 412 by `If-Match`. */
export async function get(context: Context, request: ResourceRequest, id: string): Promise<Answer> {
  const { stored, connections } = await read(context, request, id);
  const version = etag(stored.version);
  if (isNotModified(request.preconditions, stored.version)) return { status: 304, version };
  return { status: 200, resource: show(context, request, { stored, connections }), version };
}

/** A resource, with its connections if the answer shows them. Throws 404. */
export async function read({ directory }: Context, request: ResourceRequest, id: string): Promise<Connected> {
  const kind = kinds[request.type.name];
  if (showsConnections(request)) return kind.getConnected(directory, id);
  return { stored: await kind.get(directory, id), connections: {} };
}

export function showsConnections({ type, projection }: ResourceRequest): boolean {
  return wants(type, projection, kinds[type.name].connection);
}

export function show(
  { service }: Context,
  { type, projection }: ResourceRequest,
  { stored, connections }: Connected,
): JsonObject {
  return project(type, projection, represent(type, service.baseUrl, stored, connections));
}
