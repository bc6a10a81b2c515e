import type { JsonObject } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import type { SearchAnswer } from "../service/search.ts";
import { respond, type HttpResponse } from "./message.ts";

/** The most bytes that one character of a body takes in Lambda's response, in which the body is a JSON string. */
const WORST = 6;
/** Bytes for the parts of a ListResponse other than its resources. */
const ENVELOPE = 16 * 1024;

/** Bytes of a text in Lambda's response, in which the body is a JSON string. */
function sizeOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** Whether a response fits into Lambda's 6 MB; a larger one would reach the client as the gateway's own 5xx. */
function fits({ body }: HttpResponse): boolean {
  return body === undefined || body.length * WORST <= limits.answer || sizeOf(body) <= limits.answer;
}

/** The response to the read of a resource. Throws 400 `tooMany` if it is too large. */
export function fittingRead(response: HttpResponse): HttpResponse {
  if (fits(response)) return response;
  throw ScimError.tooMany("The resource is too large for one response. Ask with excludedAttributes=members.");
}

/** The response to a write that is done. If the whole is too large, it has only the resource's id and version. */
export function fittingWrite(response: HttpResponse): HttpResponse {
  const { status, headers, body } = response;
  if (body === undefined || fits(response)) return response;
  const { schemas, id, meta } = JSON.parse(body) as JsonObject;
  const short = Object.fromEntries(
    Object.entries({ schemas, id, meta }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return respond(status, short, headers);
}

/**
 * The response to a query. If the page is too large, it has fewer resources. Throws 400 `tooMany` if one resource is.
 */
export function fittingPage(answer: SearchAnswer): HttpResponse {
  const response = respond(200, answer.body);
  if (fits(response)) return response;
  const shorter = answer.within(limits.answer - ENVELOPE, sizeOf);
  if (shorter) return respond(200, shorter);
  throw ScimError.tooMany(
    "The first resource of this page is too large for one response. Ask with excludedAttributes=members.",
  );
}
