import { z } from "zod";
import { usableConfiguration } from "../../operations/live/tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";

type Place = Pick<Tenant, "org" | "engine" | "outputs" | "config">;

/** A pushed group that was deleted in Okta. */
export interface DeletedGroup {
  readonly id: string;
  /** Its name in the stack. */
  readonly label: string;
  /** How an entry of `pushGroups` selects it. A pattern no longer matches it. */
  readonly by: "name" | "id" | "pattern";
}

const pushGroups = z.record(z.string(), z.object({ sourceGroupId: z.string() }));
const named = z.object({ name: z.string().optional(), id: z.string().optional(), create: z.boolean().optional() });

/**
 * The pushed groups that are gone. A group that the stack creates is not among them, because a refresh makes it again, and
 * neither is a group that was created again under the name of its entry.
 */
export const deletedGroups = (place: Place): readonly DeletedGroup[] =>
  lostGroups(place).filter((group) => !isCreatedAgain(group, place));

/** The groups that an entry names and that were deleted and created again: the entry means the new group. */
export const groupsCreatedAgain = (place: Place): readonly DeletedGroup[] =>
  lostGroups(place).filter((group) => isCreatedAgain(group, place));

const pushesOf = ({ outputs }: Pick<Place, "outputs">) => pushGroups.safeParse(outputs["pushGroups"]).data ?? {};

/** Another pushed group that was renamed to this name is not the new group. */
function isCreatedAgain({ label, by }: DeletedGroup, { org, outputs }: Place): boolean {
  if (by !== "name") return false;
  const pushed = new Set(Object.values(pushesOf({ outputs })).map(({ sourceGroupId }) => sourceGroupId));
  return org.view
    .groups({ search: label, start: 0, count: Number.MAX_SAFE_INTEGER }, String(outputs["oktaAppId"]))
    .items.some(({ id, name, type }) => name === label && type === "OKTA_GROUP" && !pushed.has(id));
}

function lostGroups({ org, engine, outputs, config }: Place): readonly DeletedGroup[] {
  const appId = String(outputs["oktaAppId"]);
  const entries = usableConfiguration(config.values)?.pushGroups ?? [];
  return Object.entries(pushesOf({ outputs })).flatMap(([label, { sourceGroupId: id }]): DeletedGroup[] => {
    if (org.view.group(id, appId) !== undefined || engine.isOwn("okta:group/group:Group", id)) return [];
    if (entries.some(({ name, create }) => create && name === label)) return [];
    const entry = entries.find((one) => isOf(one, { id, label }));
    return [{ id, label, by: entry === undefined ? "pattern" : entry.id === undefined ? "name" : "id" }];
  });
}

/** Whether an entry of `pushGroups`, as the stack's file has it, names the group. */
export function isOf(entry: unknown, { id, label }: Pick<DeletedGroup, "id" | "label">): boolean {
  if (typeof entry === "string") return entry === label;
  const { name, id: own, create } = named.safeParse(entry).data ?? {};
  return create !== true && (own === id || name === label);
}
