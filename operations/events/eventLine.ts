import { z } from "zod";
import type { SetClaims } from "./set.ts";

/** `urn:ietf:params:scim:event:` in front of each event of RFC 9967. */
const PREFIX = /^urn:ietf:params:scim:event:/;

const payload = z.looseObject({
  attributes: z.array(z.string()).optional(),
  data: z
    .looseObject({ Operations: z.array(z.looseObject({ op: z.string(), path: z.string().optional() })).optional() })
    .optional(),
});

/** One line for people: when, what, which resource, and what of it. */
export function eventLine({ iat, sub_id, events }: SetClaims): string {
  const time = new Date(iat * 1000).toISOString().replace("T", " ").slice(0, 19);
  const names = Object.keys(events).map((uri) => uri.replace(PREFIX, ""));
  const who = [sub_id["userName"], sub_id["externalId"]].find((value) => typeof value === "string" && value !== "");
  const what = Object.values(events).flatMap(changed);
  const parts = [time, names.join(" + "), sub_id.uri, ...(typeof who === "string" ? [who] : [])];
  return [...parts, ...(what.length === 0 ? [] : [what.join(", ")])].map(printable).join("  ");
}

/** The changed attributes, or the operations of a patch. */
function changed(event: unknown): string[] {
  const { attributes, data } = payload.safeParse(event).data ?? {};
  if (attributes !== undefined) return attributes;
  return (data?.Operations ?? []).map(({ op, path }) => (path === undefined ? op : `${op} ${path}`));
}

/** Values of a directory must not control the terminal. */
// eslint-disable-next-line no-control-regex
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
