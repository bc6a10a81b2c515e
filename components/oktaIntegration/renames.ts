import { patternMatches, renameEntry, sameName, type PlacedEntry } from "../config/pushGroupRules.ts";
import type { PushGroupEntry } from "../config/tenant.ts";
import type { LastDeployment } from "./lastDeployment.ts";
import { groupById, type OktaGroup } from "./orgGroups.ts";

export interface Renamed {
  readonly group: OktaGroup;
  /** The steps that a person has to do; empty if only the case of the name differs. */
  readonly notices: readonly string[];
}

interface RenameOptions {
  readonly entries: readonly PushGroupEntry[];
  readonly last: LastDeployment;
  readonly stack: string;
}

/**
 * The group that the last deployment pushed for an entry, if the entry's name is not the name of that group any more. The
 * entry goes on to mean that group, also if another group has the name now. Not so if another entry selects the group by
 * its new name: two groups that swap names keep what they have.
 */
export async function followRename(
  placed: PlacedEntry,
  named: readonly OktaGroup[],
  { entries, last, stack }: RenameOptions,
): Promise<Renamed | undefined> {
  const { entry } = placed;
  const id = entry.name === undefined ? undefined : last.pushed.get(entry.name);
  if (entry.name === undefined || id === undefined || named.some((group) => group.id === id)) return undefined;
  const group = await groupById(id);
  if (group?.type !== "OKTA_GROUP") return undefined;
  if (sameName(group.name, entry.name)) return { group, notices: [] };
  if (entries.some((other) => other !== entry && selects(other, group))) return undefined;
  const command = renameEntry(placed, group.name, stack);
  const [other] = named;
  const taken =
    other === undefined
      ? ""
      : ` Another group, ${other.id}, is called ${JSON.stringify(entry.name)} now; to push that one instead, replace the entry by {id: ${other.id}}.`;
  return {
    group,
    notices: [
      `The pushed group ${JSON.stringify(entry.name)} (${id}) is called ${JSON.stringify(group.name)} in Okta now. The stack goes on pushing it. Rename it in the configuration too: run "${command}".${taken}`,
    ],
  };
}

const selects = (entry: PushGroupEntry, { id, name }: OktaGroup): boolean =>
  entry.id === id || entry.name === name || patternMatches(entry, name);
