import { z } from "zod";
import { usableConfiguration } from "../../operations/live/tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";

type Place = Pick<Tenant, "org" | "engine" | "outputs" | "config">;

/** A pushed group that was deleted in Okta. */
export interface DeletedGroup {
  readonly id: string;
  /** Its name in the stack. */
  readonly label: string;
  /** Whether an entry of `pushGroups` names it; a pattern only matched it. */
  readonly isNamed: boolean;
}

const pushGroups = z.record(z.string(), z.object({ sourceGroupId: z.string() }));
const named = z.object({ name: z.string().optional(), id: z.string().optional(), create: z.boolean().optional() });

/** The pushed groups that are gone. A group that the stack creates is not among them, because a refresh makes it again. */
export function deletedGroups({ org, engine, outputs, config }: Place): readonly DeletedGroup[] {
  const appId = String(outputs["oktaAppId"]);
  const entries = usableConfiguration(config.values)?.pushGroups ?? [];
  return Object.entries(pushGroups.safeParse(outputs["pushGroups"]).data ?? {}).flatMap(
    ([label, { sourceGroupId: id }]) => {
      if (org.view.group(id, appId) !== undefined || engine.isOwn("okta:group/group:Group", id)) return [];
      if (entries.some(({ name, create }) => create && name === label)) return [];
      return [{ id, label, isNamed: entries.some((entry) => isOf(entry, { id, label })) }];
    },
  );
}

/** Whether an entry of `pushGroups`, as the stack's file has it, names the group. */
export function isOf(entry: unknown, { id, label }: Pick<DeletedGroup, "id" | "label">): boolean {
  if (typeof entry === "string") return entry === label;
  const { name, id: own, create } = named.safeParse(entry).data ?? {};
  return create !== true && (own === id || name === label);
}
