import type { JsonValue } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import { checkStructure } from "../scim/values/structure.ts";
import type { HttpRequest } from "./message.ts";

/** application/scim+json (RFC 7644 §3.1), application/json as Okta's SPEC test sends, and every other JSON type. */
const json = /^[^;]*[/+]json\s*(;|$)/i;

/**
 * The JSON of a request's body. Throws 415 for another content type or encoding, 413 beyond 4 MiB, and 400 `invalidSyntax`
 * for a body that is not JSON in UTF-8 or nests too deep.
 */
export function readBody({ headers, body }: Pick<HttpRequest, "headers" | "body">): JsonValue {
  const type = headers["content-type"];
  if (type !== undefined && !json.test(type)) {
    throw ScimError.unsupportedMediaType("The Content-Type must be application/scim+json or application/json.");
  }
  const bytes = decode(headers["content-encoding"], body);
  if (bytes && bytes.byteLength > limits.body) throw tooLarge();
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as JsonValue;
  } catch (cause) {
    throw ScimError.invalidSyntax("The body is not valid JSON in UTF-8.", { cause });
  }
  checkStructure(value, "The body");
  return value;
}

/** The codings of a `Content-Encoding` header, without empty ones and `identity` (RFC 9110 §5.6.1, §8.4). */
function codingsOf(header = ""): string[] {
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "" && name !== "identity");
}

/** The body without its content encoding (RFC 9110 §8.4): `gzip`, or none. */
function decode(encoding: string | undefined, body: Uint8Array | undefined): Uint8Array | undefined {
  const [coding, ...more] = codingsOf(encoding);
  if (coding === undefined || body === undefined) return body;
  if ((coding !== "gzip" && coding !== "x-gzip") || more.length > 0) {
    throw ScimError.unsupportedMediaType("The Content-Encoding must be gzip. Or send the body without an encoding.");
  }
  if (isDestroyed(body)) {
    throw ScimError.unsupportedMediaType(
      "A body with the Content-Encoding gzip needs the Content-Type application/scim+json. Or send the body without an encoding.",
    );
  }
  try {
    // Loaded when the first compressed body comes: loading it takes milliseconds of a cold start.
    return process.getBuiltinModule("node:zlib").gunzipSync(body, { maxOutputLength: limits.body });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw ScimError.invalidSyntax(
      "The body is not valid gzip. Send it with the Content-Type application/scim+json, or without a Content-Encoding.",
      { cause },
    );
  }
}

/** Whether a gzip body went through text: API Gateway hands over a body of the type application/json in this way. */
function isDestroyed(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0xef && body[2] === 0xbf && body[3] === 0xbd;
}

function tooLarge(): ScimError {
  return ScimError.tooLarge(`The body is larger than ${limits.body} bytes; maxPayloadSize is this bound.`);
}
