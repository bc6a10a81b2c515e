import type { JsonObject, JsonValue } from "../../model.ts";
import { ScimError } from "../error.ts";
import { isObject, ownAnyCase } from "./json.ts";

/** The body as a JSON object. Throws 400 `invalidSyntax` for any other JSON value. */
export function requireObject(body: JsonValue): JsonObject {
  if (!isObject(body)) throw ScimError.invalidSyntax("The body must be a JSON object.");
  return body;
}

/**
 * The `Operations` of a PATCH or of a bulk request. `schemas` may be left out; if it is there, it must name the message.
 * Names are matched without case. Throws 400 `invalidSyntax`.
 */
export function readOperationList(body: JsonObject, message: string): readonly JsonValue[] {
  const schemas = ownAnyCase(body, "schemas");
  const isMessage = (schema: JsonValue): boolean =>
    typeof schema === "string" && schema.toLowerCase() === message.toLowerCase();
  if (schemas !== undefined && !(Array.isArray(schemas) && schemas.some(isMessage))) {
    throw ScimError.invalidSyntax(`schemas must be ["${message}"].`);
  }
  const operations = ownAnyCase(body, "Operations");
  if (!Array.isArray(operations)) throw ScimError.invalidSyntax("Operations must be an array.");
  return operations;
}
