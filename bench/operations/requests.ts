import { z } from "zod";
import type { JsonObject } from "../../lambda/model.ts";
import type { Request } from "../measure/measure.ts";
import type { Populated } from "./operation.ts";

export const nameOf = (at: number): string => `person${at}@example.com`;

export const personOf = (at: number) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: nameOf(at),
  externalId: `00u${at}`,
  name: { givenName: "Person", familyName: String(at) },
  displayName: `Person ${at}`,
  emails: [{ value: nameOf(at), type: "work", primary: true }],
  active: true,
});

export const groupOf = (displayName: string, ids: readonly string[]) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  displayName,
  members: ids.map(member),
});
const member = (value: string) => ({ value, display: "someone@example.com" });
export const patchOf = (...Operations: JsonObject[]): JsonObject => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});
export const adding = (ids: readonly string[]) => patchOf({ op: "add", path: "members", value: ids.map(member) });
export const removing = (ids: readonly string[]) =>
  patchOf(...ids.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` })));
export const find = (path: string, filter: string, more = ""): Request => ({
  method: "GET",
  path: `/${path}?filter=${encodeURIComponent(filter)}&startIndex=1&count=100${more}`,
});

/** The `id` of a resource in an answer. */
export const idOf = (body: unknown): string => z.object({ id: z.string() }).parse(body).id;

/** Creates groups, each with its own name. */
export function groupMaker({ contender }: Populated): (ids: readonly string[]) => Promise<string> {
  return async (ids) =>
    idOf(await contender.send({ method: "POST", path: "/Groups", body: groupOf(unique("Group"), ids) }));
}
let serial = 0;
export const unique = (prefix: string): string => `${prefix} ${(serial += 1)}`;
