import type { ChangedGroup, JsonObject, JsonValue, Stored, WriteKind } from "../model.ts";
import { readDocument } from "../scim/document/index.ts";
import { own } from "../scim/values/json.ts";
import { readPatch } from "../scim/patch/index.ts";
import { wants, type Projection } from "../scim/representation/projection.ts";
import { etag, locationOf } from "../scim/representation/resource.ts";
import { resourceText } from "../scim/representation/text.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import type { Context } from "./context.ts";
import { orAbsent } from "./errors.ts";
import { kinds, type Change, type Connected } from "./kinds.ts";
import { isNotModified, writeCondition, type Preconditions } from "./preconditions.ts";

/** A request for resources of one type. */
export interface ResourceRequest {
  readonly type: ResourceType;
  readonly projection: Projection;
  readonly preconditions: Preconditions;
}

/** The answer of a use case; errors are thrown. */
export interface Answer {
  readonly status: 200 | 201 | 204 | 304;
  /** The resource as JSON; undefined if the answer has no body. */
  readonly resource?: string;
  /** The entity tag of the resource in the answer. */
  readonly version?: string;
  /** The id and the address of a resource that was created. */
  readonly id?: string;
  readonly location?: string;
}

/** Creates a resource (RFC 7644 §3.3). A user without `active` is active. */
export async function create(context: Context, request: ResourceRequest, body: JsonValue): Promise<Answer> {
  const { type } = request;
  const { attributes, members } = readDocument(type, body);
  const stored = await kinds[type.name].create(context.directory, attributes, members ?? new Set());
  const location = locationOf(type, context.service.baseUrl, stored.id);
  return { ...(await answerWrite(context, request, stored)), status: 201, id: stored.id, location };
}

/** Reads a resource (RFC 7644 §3.4.1). Throws 404, and 412 by `If-Match`. */
export async function get(context: Context, request: ResourceRequest, id: string): Promise<Answer> {
  const { stored, connections } = await read(context, request, id);
  const version = etag(stored.version);
  if (isNotModified(request.preconditions, stored.version)) return { status: 304, version };
  return { status: 200, resource: show(context, request, { stored, connections }), version };
}

/**
 * Replaces a resource (RFC 7644 §3.5.1). Attributes that the document leaves out are cleared, except `active` and
 * `members`: a client that leaves them out does not mean to change who may sign in or who belongs to a group.
 */
export async function replace(
  context: Context,
  request: ResourceRequest,
  id: string,
  body: JsonValue,
): Promise<Answer> {
  const { type } = request;
  const { attributes, members } = readDocument(type, body);
  const { kept } = kinds[type.name];
  const stored = await update(context, request, id, "put", (current) => ({
    attributes: { ...pick(current.attributes, kept), ...attributes },
    members: members && { kind: "replace", members },
  }));
  return answerWrite(context, request, stored);
}

/**
 * Changes parts of a resource (RFC 7644 §3.5.2). A group is answered with 204 unless the client asks for `attributes`.
 */
export async function patch(context: Context, request: ResourceRequest, id: string, body: JsonValue): Promise<Answer> {
  const { type, projection } = request;
  const changes = readPatch(type, body);
  const stored = await update(context, request, id, "patch", (current) => ({
    attributes: changes.apply(current.attributes),
    members: changes.members,
  }));
  if (kinds[type.name].isAnsweredByPatch || projection.include) return answerWrite(context, request, stored);
  return { status: 204, version: etag(stored.version) };
}

/** Deletes a resource (RFC 7644 §3.6). */
export async function remove({ directory }: Context, request: ResourceRequest, id: string): Promise<Answer> {
  const { type, preconditions } = request;
  await kinds[type.name].remove(directory, id, { ifMatch: writeCondition(preconditions) });
  return { status: 204 };
}

function update(
  { directory }: Context,
  { type, preconditions }: ResourceRequest,
  id: string,
  how: WriteKind,
  change: (current: Stored) => Change,
): Promise<ChangedGroup> {
  return kinds[type.name].update(directory, id, change, { ifMatch: writeCondition(preconditions), how });
}

/** The answer to a write. Connections that the answer shows and the write did not read are read now. */
async function answerWrite(context: Context, request: ResourceRequest, written: ChangedGroup): Promise<Answer> {
  const { members } = written;
  const isRead = members !== undefined || !showsConnections(request);
  const current = isRead ? undefined : await orAbsent(read(context, request, written.id));
  // If the resource was deleted since the write, the write's own result is the answer.
  const { stored, connections } = current ?? { stored: written, connections: { members } };
  return {
    status: 200,
    resource: show(context, request, { stored, connections }),
    version: etag(stored.version),
  };
}

/** A resource, with its connections if the answer shows them. Throws 404. */
async function read({ directory }: Context, request: ResourceRequest, id: string): Promise<Connected> {
  const kind = kinds[request.type.name];
  if (showsConnections(request)) return kind.getConnected(directory, id);
  return { stored: await kind.get(directory, id), connections: {} };
}

function showsConnections({ type, projection }: ResourceRequest): boolean {
  return wants(type, projection, kinds[type.name].connection);
}

function show({ service }: Context, { type, projection }: ResourceRequest, connected: Connected): string {
  return resourceText({ type, projection, baseUrl: service.baseUrl, ...connected });
}

function pick(attributes: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = own(attributes, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
