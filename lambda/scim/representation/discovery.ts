import { defined } from "../../defined.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { once } from "../../once.ts";
import { allEventUris } from "../eventUris.ts";
import { limits } from "../limits.ts";
import { indexPage } from "./resource.ts";
import type { Attribute, Registry, ResourceType, Schema } from "../schema/index.ts";

/** The answers of the discovery endpoints (RFC 7644 §4), by the path below the base URL in lower case. */
export interface Discovery {
  get(path: string): JsonObject | undefined;
}

/**
 * The discovery documents of a tenant, each made when it is asked for: the first request of a process needs at most one.
 * `events`: whether changes are told to others.
 */
export function createDiscovery(registry: () => Registry, baseUrl: string, events: boolean): Discovery {
  const others = once(() => resourceDocuments(registry(), baseUrl));
  return {
    get: (path) =>
      path === "/serviceproviderconfig" ? serviceProviderConfig(baseUrl, events) : others().get(path)?.(),
  };
}

/** The documents that describe the resource types. */
function resourceDocuments({ user, group }: Registry, baseUrl: string): ReadonlyMap<string, () => JsonObject> {
  const types = [user, group];
  const schemas = types.flatMap((type) => [type.schema, ...type.extensions]);
  const list = (documents: JsonObject[]): JsonObject => ({
    ...indexPage(documents.length, 1, documents.length),
    Resources: documents,
  });
  const documents = new Map<string, () => JsonObject>([
    ["/schemas", () => list(schemas.map((schema) => schemaDocument(schema, baseUrl)))],
    ["/resourcetypes", () => list(types.map((type) => resourceTypeDocument(type, baseUrl)))],
  ]);
  for (const schema of schemas)
    documents.set(`/schemas/${schema.id}`.toLowerCase(), () => schemaDocument(schema, baseUrl));
  for (const type of types)
    documents.set(`/resourcetypes/${type.name}`.toLowerCase(), () => resourceTypeDocument(type, baseUrl));
  return documents;
}

function serviceProviderConfig(baseUrl: string, events: boolean): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: limits.bulkOperations, maxPayloadSize: limits.body },
    filter: { supported: true, maxResults: limits.maxCount },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: limits.defaultCount,
      maxPageSize: limits.maxCount,
      cursorTimeout: limits.cursorTimeout,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "The tenant's secret token in the Authorization header, after the word Bearer",
        specUri: "https://www.rfc-editor.org/rfc/rfc6750",
        primary: true,
      },
    ],
    // RFC 9967 §4
    ...(events && { securityEvents: { asyncRequest: "none", eventUris: [...allEventUris] } }),
    meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
  };
}

function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: type.name,
    name: type.name,
    description: type.schema.description,
    endpoint: type.endpoint,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

function schemaDocument(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(attributeDocument),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function attributeDocument(attribute: Attribute): JsonValue {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute;
  const { canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    caseExact,
    mutability,
    returned,
    uniqueness,
    ...defined({
      canonicalValues: canonicalValues && [...canonicalValues],
      referenceTypes: referenceTypes && [...referenceTypes],
      subAttributes: subAttributes?.map(attributeDocument),
    }),
  };
}
