import { checkStructure } from "../scim/values/structure.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonValue } from "../model.ts";
import { limits } from "../scim/limits.ts";
import type { HttpRequest } from "./message.ts";

/** application/scim+json (RFC 7644 §3.1), application/json as Okta's SPEC test sends, and every other JSON type. */
const json = /^[^;]*[/+]json\s*(;|$)/i;

/**
 * The JSON of a request's body. Throws 415 for another content type, 413 beyond 4 MiB, 400 `invalidSyntax` for a body that
 * is not JSON in UTF-8 or nests too deep.
 */
export function readBody({ headers, body }: Pick<HttpRequest, "headers" | "body">): JsonValue {
  const type = headers["content-type"];
  if (type !== undefined && !json.test(type)) {
    throw ScimError.unsupportedMediaType("The Content-Type must be application/scim+json or application/json.");
  }
  if (body && body.byteLength > limits.body) {
    throw ScimError.tooLarge(`The body is larger than ${limits.body} bytes; maxPayloadSize is this bound.`);
  }
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as JsonValue;
  } catch (cause) {
    throw ScimError.invalidSyntax("The body is not valid JSON in UTF-8.", { cause });
  }
  checkStructure(value, "The body");
  return value;
}
