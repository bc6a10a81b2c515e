import { ENTERPRISE_USER } from "../../../../../lambda/scim/schema/index.ts";
import type { JsonObject, JsonValue } from "../../../../../lambda/model.ts";
import { error } from "./error.ts";

/** The attributes that a change leaves different, null where the change removes one; or the whole body of the refusal. */
export type Outcome = { readonly changed: JsonObject } | { readonly refused: JsonObject };

/** The operations of a PATCH of `ann`, and their outcome where the tenant retains everything, and where it retains `iru`. */
export interface ChangeCase {
  readonly name: string;
  readonly operations: JsonValue;
  readonly standard: Outcome;
  readonly iru: Outcome;
}

export const acme = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
export const work = { value: "ann@acme.test", type: "work", primary: true };
/** The user that every change starts from, but for her `userName`. */
export const ann: JsonObject = {
  externalId: "e-1",
  title: "Boss",
  name: { givenName: "Ann", familyName: "Lee" },
  emails: [work],
  [ENTERPRISE_USER]: { department: "Sales" },
};

export const unchanged: Outcome = { changed: {} };
export const changed = (attributes: JsonObject): Outcome => ({ changed: attributes });
export const refused = (scimType: string, detail: string): Outcome => ({ refused: error(400, detail, scimType) });
export const noTarget = (path: string): Outcome => refused("noTarget", `${path} matches no value of the resource.`);
export const noPath = (path: string): Outcome =>
  refused("invalidPath", `${JSON.stringify(path)} is not an attribute of User.`);

/** A case with one outcome under both settings, unless `iru` differs. */
export function change(name: string, operations: JsonValue, standard: Outcome, iru: Outcome = standard): ChangeCase {
  return { name, operations, standard, iru };
}

export const replace = (path: string, value: JsonValue): JsonObject => ({ op: "replace", path, value });
export const add = (path: string, value: JsonValue): JsonObject => ({ op: "add", path, value });
export const remove = (path: string, value?: JsonValue): JsonObject => ({
  op: "remove",
  path,
  ...(value === undefined ? {} : { value }),
});
export const merge = (value: JsonValue): JsonObject => ({ op: "replace", value });
