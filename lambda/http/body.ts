import { deeperThan } from "../scim/document/values.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonValue } from "../scim/json.ts";
import { limits } from "../scim/limits.ts";

/** The JSON of a request's body. Throws 413 beyond 5 MB, 400 `invalidSyntax` for what is no JSON or nests too deep. */
export function readJson(body: Uint8Array | undefined): JsonValue {
  if (body && body.byteLength > limits.body) {
    throw new ScimError(413, `The body is larger than ${limits.body} bytes.`);
  }
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as JsonValue;
  } catch {
    throw new ScimError(400, "The body is not valid JSON.", { scimType: "invalidSyntax" });
  }
  if (deeperThan(value, limits.depth)) {
    throw new ScimError(400, `The body nests deeper than ${limits.depth} levels.`, { scimType: "invalidSyntax" });
  }
  return value;
}
