import { defined } from "../../defined.ts";
import type { Stored } from "../../model.ts";
import type { JsonObject } from "../../model.ts";
import type { ResourceType } from "../schema/index.ts";

const LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** The connections of a resource; undefined if they were not read. */
export interface Connections {
  /** Ids of a group's members. */
  readonly members?: readonly string[] | undefined;
  /** The groups of a user. */
  readonly groups?: readonly Stored[] | undefined;
}

/** The weak entity tag of a version (RFC 7644 §3.14). */
export function etag(version: string): string {
  return `W/"${version}"`;
}

/** The public address of a resource. `baseUrl` has no trailing slash. */
export function locationOf(type: ResourceType, baseUrl: string, id: string): string {
  return `${baseUrl}${type.endpoint}/${encodeURIComponent(id)}`;
}

/** A stored resource as SCIM represents it, with everything that was read: what a filter evaluates and a projection cuts. */
export function represent(
  type: ResourceType,
  baseUrl: string,
  stored: Stored,
  connections: Connections = {},
): JsonObject {
  const extensions = type.extensions.map(({ id }) => id).filter((id) => Object.hasOwn(stored.attributes, id));
  const resource: JsonObject = {
    schemas: [type.schema.id, ...extensions],
    id: stored.id,
    ...stored.attributes,
    meta: {
      resourceType: type.name,
      created: stored.created,
      lastModified: stored.lastModified,
      location: locationOf(type, baseUrl, stored.id),
      version: etag(stored.version),
    },
  };
  const { members, groups } = connections;
  if (members) {
    resource["members"] = members.map((value) => ({
      value,
      type: "User",
      $ref: `${baseUrl}/Users/${encodeURIComponent(value)}`,
    }));
  }
  if (groups && groups.length > 0) {
    resource["groups"] = groups.map(({ id, attributes }) => ({
      value: id,
      $ref: `${baseUrl}/Groups/${encodeURIComponent(id)}`,
      display: attributes["displayName"] ?? "",
      type: "direct",
    }));
  }
  return resource;
}

/** A page of RFC 7644 §3.4.2.4, without its `Resources`, which come last. `startIndex` is 1-based. */
export function indexPage(total: number, startIndex: number, itemsPerPage: number): JsonObject {
  return { schemas: [LIST_RESPONSE], totalResults: total, startIndex, itemsPerPage };
}

/** The same of RFC 9865 §2; the last page has no `next`, the first one no `previous`. */
export function cursorPage(page: {
  readonly total: number | undefined;
  readonly next: string | undefined;
  readonly previous: string | undefined;
  readonly itemsPerPage: number;
}): JsonObject {
  return {
    schemas: [LIST_RESPONSE],
    ...defined({ totalResults: page.total }),
    itemsPerPage: page.itemsPerPage,
    ...defined({ previousCursor: page.previous, nextCursor: page.next }),
  };
}
