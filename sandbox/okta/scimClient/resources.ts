import { z } from "zod";
import type { Json } from "../org/model.ts";
import { ScimFailure } from "./failure.ts";
import type { Connection, Send } from "./transport.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const resource = z.looseObject({ id: z.string().min(1) });
const listResponse = z.object({
  totalResults: z.int(),
  itemsPerPage: z.int().optional(),
  startIndex: z.int().optional(),
  Resources: z.array(resource).default([]),
});

export type ScimResource = z.infer<typeof resource>;
export type Collection = "Users" | "Groups";

const filterValue = (text: string): string => text.replace(/["\\]/g, "\\$&");

/** Finds one resource by its unique attribute. A 404 means "none" (Okta's SCIM reference). */
export async function lookUp(
  send: Send,
  connection: Connection,
  collection: Collection,
  attribute: "userName" | "displayName",
  value: string,
): Promise<ScimResource | undefined> {
  const filter = encodeURIComponent(`${attribute} eq "${filterValue(value)}"`);
  const { status, body } = await send(connection, "GET", `/${collection}?filter=${filter}&startIndex=1&count=100`);
  if (status === 404) return undefined;
  const list = listResponse.safeParse(body);
  if (!list.success)
    throw new ScimFailure(status, `The lookup of ${value} answered something other than a ListResponse`);
  return list.data.Resources[0];
}

/** @throws ScimFailure if the resource is gone */
export async function getOne(
  send: Send,
  connection: Connection,
  collection: Collection,
  id: string,
): Promise<ScimResource> {
  const { status, body } = await send(connection, "GET", `/${collection}/${encodeURIComponent(id)}`);
  return parseResource(status, body, `GET of ${collection} ${id}`);
}

export async function create(
  send: Send,
  connection: Connection,
  collection: Collection,
  body: Json,
): Promise<ScimResource> {
  const answer = await send(connection, "POST", `/${collection}`, body);
  const made = resource.safeParse(answer.body);
  if (made.success) return made.data;
  const thing = collection === "Users" ? "user" : "group";
  throw new ScimFailure(answer.status, `Create new ${thing} returned empty ${thing}.`);
}

export async function replace(
  send: Send,
  connection: Connection,
  collection: Collection,
  id: string,
  body: Json,
): Promise<void> {
  const { status } = await send(connection, "PUT", `/${collection}/${encodeURIComponent(id)}`, body);
  if (status === 404) throw gone(`PUT of ${collection} ${id}`);
}

export async function patch(
  send: Send,
  connection: Connection,
  collection: Collection,
  id: string,
  operations: readonly Json[],
): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: operations };
  const { status } = await send(connection, "PATCH", `/${collection}/${encodeURIComponent(id)}`, body);
  if (status === 404) throw gone(`PATCH of ${collection} ${id}`);
}

/** A resource that is already gone counts as deleted. */
export async function remove(send: Send, connection: Connection, collection: Collection, id: string): Promise<void> {
  await send(connection, "DELETE", `/${collection}/${encodeURIComponent(id)}`);
}

const gone = (what: string): ScimFailure =>
  new ScimFailure(404, `Not Found. Errors reported by remote server: ${what} found nothing`);

function parseResource(status: number, body: unknown, what: string): ScimResource {
  if (status === 404) throw gone(what);
  const parsed = resource.safeParse(body);
  if (!parsed.success) throw new ScimFailure(status, `${what} answered something other than a resource with an id`);
  return parsed.data;
}
