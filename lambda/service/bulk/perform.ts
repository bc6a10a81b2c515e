import type { JsonValue } from "../../model.ts";
import type { BulkOperation } from "../../scim/bulk/index.ts";
import { ScimError } from "../../scim/error.ts";
import type { Projection } from "../../scim/representation/projection.ts";
import { findResource, segmentsOf, type ResourceAddress } from "../address.ts";
import type { Context } from "../context.ts";
import { readEntityTags } from "../preconditions.ts";
import { create, patch, remove, replace, type Answer, type ResourceRequest } from "../resources.ts";

/** A bulk response shows no resources. */
const idOnly: Projection = { include: new Set(["id"]), exclude: new Set() };

/** The endpoint or resource that the path of an operation leads to, if there is one. */
export function addressIn({ service }: Context, path: string): ResourceAddress | undefined {
  const segments = path.startsWith("/") ? segmentsOf(path.slice(1)) : undefined;
  return segments && findResource(service, segments);
}

/** Performs one operation like its single request: a POST, PUT, PATCH or DELETE of a resource. Throws its error. */
export async function perform(context: Context, operation: BulkOperation): Promise<Answer> {
  const { method, path, version } = operation;
  if (!["POST", "PUT", "PATCH", "DELETE"].includes(method)) {
    throw ScimError.invalidSyntax("method must be POST, PUT, PATCH or DELETE.");
  }
  const address = addressIn(context, path);
  if (!address || address.id?.toLowerCase() === ".search") {
    throw ScimError.invalidPath("path must be /Users, /Groups or one of their resources.");
  }
  const { type, id } = address;
  const request = { type, projection: idOnly, preconditions: { match: readEntityTags(version) } };
  if (id === undefined) return performOnEndpoint(context, request, operation);
  return performOnResource(context, request, id, operation);
}

function performOnEndpoint(context: Context, request: ResourceRequest, operation: BulkOperation): Promise<Answer> {
  if (operation.method !== "POST") {
    throw ScimError.methodNotAllowed(`${operation.method} needs the path of a resource, such as /Users/ID.`);
  }
  return create(context, request, dataOf(operation));
}

function performOnResource(
  context: Context,
  request: ResourceRequest,
  id: string,
  operation: BulkOperation,
): Promise<Answer> {
  switch (operation.method) {
    case "PUT":
      return replace(context, request, id, dataOf(operation));
    case "PATCH":
      return patch(context, request, id, dataOf(operation));
    case "DELETE":
      return remove(context, request, id);
    default:
      throw ScimError.methodNotAllowed("POST needs the path of an endpoint: /Users or /Groups.");
  }
}

function dataOf({ method, data }: BulkOperation): JsonValue {
  if (data === undefined) throw ScimError.invalidSyntax(`${method} needs data.`);
  return data;
}
