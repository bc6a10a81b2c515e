import type { EventReceiver } from "../contract.ts";
import { defined } from "../defined.ts";
import type { JsonObject } from "../model.ts";
import { eventUris } from "../scim/eventUris.ts";
import { etag } from "../scim/representation/resource.ts";
import type { Registry } from "../scim/schema/index.ts";
import type { Change, ChangedMembers } from "./change.ts";
import { differences, shownResource, type Difference } from "./documents.ts";

/** The claims of a Security Event Token (RFC 8417 §2.2, RFC 9967 §2). There is never a `sub` and never an `exp`. */
export interface Claims extends JsonObject {
  iss: string;
  /** Seconds since 1970. */
  iat: number;
  jti: string;
  aud: string;
  txn: string;
  sub_id: JsonObject;
  events: JsonObject;
}

/** The tenant that publishes. */
export interface Publisher {
  readonly registry: Registry;
  /** Of the SCIM service, without a trailing slash. */
  readonly baseUrl: string;
  readonly issuer: string;
}

/** Somebody to tell: a receiver, or the event bus. */
export interface Audience {
  readonly name: string;
  readonly aud: string;
  readonly mode: EventReceiver["mode"];
}

/** Bytes of JSON that an event may carry; a larger one is a notice. Queue, bus and table take more. */
const LARGEST_DATA = 64 * 1024;
/** Operations of a PATCH that an event may carry. */
const MOST_OPERATIONS = 100;
/** Characters of a name in `sub_id`; a longer one is left out. */
const LONGEST_NAME = 1_000;
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export const audienceOf = (issuer: string, { name, mode }: EventReceiver): Audience => ({
  ...{ name, mode },
  aud: `${issuer}/receivers/${name}`,
});

/** The event bus gets the data. Its name is none that a receiver can have. */
export const busAudience = (issuer: string): Audience => ({ name: "-bus", aud: `${issuer}/bus`, mode: "full" });

/** The `jti`: the same each time the change is told to this receiver. */
export const jtiOf = (sequence: string, receiver: string): string => `${sequence}-${receiver}`;

/** The path of the resource below the base URL. */
export const uriOf = ({ kind, id }: Change): string => `/${kind}s/${id}`;

/** The claims of the event of one change for one receiver. `now` is in milliseconds since 1970. */
export function claimsOf(publisher: Publisher, audience: Audience, change: Change, now: number): Claims {
  return {
    iss: publisher.issuer,
    iat: Math.floor(now / 1_000),
    jti: jtiOf(change.sequence, audience.name),
    aud: audience.aud,
    txn: change.transaction,
    sub_id: subjectOf(change),
    events: eventsOf(publisher, change, audience.mode),
  };
}

/** The subject identifier of RFC 9967: `externalId` and `userName` so that a receiver need not keep our ids. */
function subjectOf(change: Change): JsonObject {
  const { externalId, userName } = (change.after ?? change.before)?.attributes ?? {};
  const short = (name: unknown): string | undefined =>
    typeof name === "string" && name.length <= LONGEST_NAME ? name : undefined;
  return {
    format: "scim",
    uri: uriOf(change),
    id: change.id,
    ...defined({ externalId: short(externalId), userName: short(userName) }),
  };
}

function eventsOf(publisher: Publisher, change: Change, mode: EventReceiver["mode"]): JsonObject {
  const { how, before, after } = change;
  if (how === "delete" || after === undefined) return { [eventUris.delete]: {} };
  const payload = payloadOf(publisher, change, mode);
  const kind = payload["data"] === undefined ? "notice" : "full";
  const [was, is] = [before?.attributes["active"] !== false, after.attributes["active"] !== false];
  return {
    [eventUris[how][kind]]: payload,
    ...(before && was && !is && { [eventUris.deactivate]: {} }),
    ...(before && !was && is && { [eventUris.activate]: {} }),
  };
}

/** `data` if the receiver asks for it, it is known and not too large; otherwise `attributes`. */
function payloadOf(publisher: Publisher, change: Change, mode: EventReceiver["mode"]): JsonObject {
  const { registry, baseUrl } = publisher;
  const { kind, before, after, members } = change;
  if (after === undefined) return {};
  const type = kind === "User" ? registry.user : registry.group;
  const current = shownResource(type, baseUrl, after, undefined);
  const changed = differences(type, before && shownResource(type, baseUrl, before, undefined), current);
  const version = etag(after.version);
  const data = mode === "full" ? dataOf(publisher, change, changed) : undefined;
  if (data !== undefined && Buffer.byteLength(JSON.stringify(data)) <= LARGEST_DATA) return { data, version };
  const attributes = [...changed.map(({ path }) => path), ...(members === undefined ? [] : ["members"])];
  // Only the version differs, or what the tenant does not retain any more.
  return { attributes: attributes.length > 0 ? attributes : ["meta"], version };
}

/** As the data of a bulk operation (RFC 7644 §3.7); undefined if the change does not hold all of it. */
function dataOf(
  { registry, baseUrl }: Publisher,
  { kind, how, after, members }: Change,
  changed: readonly Difference[],
): JsonObject | undefined {
  if (after === undefined) return undefined;
  if (how === "patch") return patchOf(changed, members);
  if (kind === "User") return shownResource(registry.user, baseUrl, after, undefined);
  // A PUT of a group is about all of its members, which its item does not hold.
  if (how === "put" || members === "many") return undefined;
  return shownResource(registry.group, baseUrl, after, members === undefined ? undefined : members.add);
}

function patchOf(changed: readonly Difference[], members: ChangedMembers | undefined): JsonObject | undefined {
  if (members === "many") return undefined;
  const { add, remove } = members ?? { add: [], remove: [] };
  const operations: JsonObject[] = [
    ...changed.map(({ path, value, isNew }): JsonObject =>
      value === undefined ? { op: "remove", path } : { op: isNew ? "add" : "replace", path, value },
    ),
    ...(add.length === 0 ? [] : [{ op: "add", path: "members", value: add.map((value) => ({ value })) }]),
    ...remove.map((id) => ({ op: "remove", path: `members[value eq "${id}"]` })),
  ];
  if (operations.length === 0 || operations.length > MOST_OPERATIONS) return undefined;
  return { schemas: [PATCH_OP], Operations: operations };
}
