import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { WriteKind } from "../model.ts";
import type { Item } from "./keys.ts";
import type { Store } from "./store.ts";
import { S, TRUE } from "./values.ts";

/** Which members a visible change of a group added and removed; `many` if there are too many to name. */
export type MarkedMembers = "many" | { readonly add: Iterable<string>; readonly remove: Iterable<string> };

/** A visible change as the change events tell it. */
export interface Mark {
  readonly how: "create" | WriteKind;
  /** Only for a change of a group's members. */
  readonly members?: MarkedMembers | undefined;
}

/** A part of an update expression. */
interface Assignments {
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly values: Record<string, AttributeValue>;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ENCODED = 22;

/** Ids as one text: 22 characters each, because an item of more than 1 kB costs a write more. Undefined for other ids than UUIDs. */
function encodeIds(ids: readonly string[]): string | undefined {
  if (!ids.every((id) => uuid.test(id))) return undefined;
  return ids.map((id) => Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url")).join("");
}

function decodeIds(text: string): string[] {
  const count = text.length / ENCODED;
  return Array.from({ length: count }, (_, at) => {
    const hex = Buffer.from(text.slice(at * ENCODED, (at + 1) * ENCODED), "base64url").toString("hex");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  });
}

function encodeMembers(members: MarkedMembers | undefined): AttributeValue | undefined {
  if (members === undefined) return undefined;
  if (members === "many") return { M: { many: TRUE } };
  const [added, removed] = [[...members.add], [...members.remove]];
  if (added.length + removed.length === 0) return undefined;
  const [add, remove] = [encodeIds(added), encodeIds(removed)];
  if (add === undefined || remove === undefined) return { M: { many: TRUE } };
  return { M: { ...(add !== "" && { add: S(add) }), ...(remove !== "" && { remove: S(remove) }) } };
}

/** The change of members that a group's item (`dm`) names. */
export function decodeMarkedMembers(item: Item): MarkedMembers | undefined {
  const marked = item["dm"]?.M;
  if (marked === undefined) return undefined;
  if (marked["many"] !== undefined) return "many";
  return { add: decodeIds(marked["add"]?.S ?? ""), remove: decodeIds(marked["remove"]?.S ?? "") };
}

/** The attributes of an item that is written as a whole; none unless changes are told to others. */
export function markedItem({ transaction }: Store, { how, members }: Mark): Item {
  if (transaction === undefined) return {};
  const dm = encodeMembers(members);
  return { t: S(transaction), h: S(how), ...(dm && { dm }) };
}

/** The same for an item that is updated. A mark of an earlier change of members is removed. */
export function markedUpdate({ transaction }: Store, { how, members }: Mark): Assignments {
  if (transaction === undefined) return { set: [], remove: [], values: {} };
  const dm = encodeMembers(members);
  return {
    set: ["t = :t", "h = :h", ...(dm ? ["dm = :dm"] : [])],
    remove: dm ? [] : ["dm"],
    values: { ":t": S(transaction), ":h": S(how), ...(dm && { ":dm": dm }) },
  };
}

/** The same for the mark of a deletion: only its transaction. */
export const markedDeletion = ({ transaction }: Store): Omit<Assignments, "remove"> =>
  transaction === undefined ? { set: [], values: {} } : { set: ["t = :t"], values: { ":t": S(transaction) } };
