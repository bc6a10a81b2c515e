import { ScimError } from "../scim/error.ts";
import type { JsonObject } from "../model.ts";
import { limits } from "../scim/limits.ts";
import { respond, respondError, type HttpRequest, type HttpResponse } from "./message.ts";

/** Bytes that a character of a body takes at most in Lambda's answer, where the body is a JSON string. */
const WORST = 6;

/**
 * An answer that fits through Lambda, which gives at most 6 MB; a larger one would reach the client as the gateway's own
 * 5xx. A read is refused with 400 `tooMany`; a write, which is done, is answered with the resource's id and version.
 */
export function fitting({ method, path }: Pick<HttpRequest, "method" | "path">, response: HttpResponse): HttpResponse {
  const { status, headers, body } = response;
  if (body === undefined || body.length * WORST <= limits.answer) return response;
  if (Buffer.byteLength(JSON.stringify(body)) <= limits.answer) return response;
  if (method === "GET" || path.toLowerCase().includes("/.search")) {
    return respondError(
      ScimError.tooMany("The answer is too large. Ask with excludedAttributes=members or with a smaller count."),
    );
  }
  const { schemas, id, meta } = JSON.parse(body) as JsonObject;
  const short = Object.fromEntries(
    Object.entries({ schemas, id, meta }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return respond(status, short, headers);
}
