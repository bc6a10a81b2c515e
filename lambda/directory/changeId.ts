import { nodeCrypto } from "../nodeCrypto.ts";
import type { MemberChange } from "../model.ts";

const sorted = (ids: ReadonlySet<string>): string => [...ids].sort().join();

/**
 * Identifies a large change of members, so that a retry is distinguished from another change: a hash of the ids that it names. An
 * `edit` names those that it leaves of the committed members. The document does not count: only the commit writes it.
 */
export function changeIdOf(change: MemberChange, committed: ReadonlySet<string>): string {
  return nodeCrypto()
    .createHash("sha256")
    .update(partsOf(change, committed).join(";"))
    .digest("base64url")
    .slice(0, 22);
}

function partsOf(change: MemberChange, committed: ReadonlySet<string>): string[] {
  switch (change.kind) {
    case "delta":
      return [change.kind, sorted(change.add), sorted(change.remove)];
    case "replace":
      return [change.kind, sorted(change.members)];
    case "edit":
      return [change.kind, sorted(change.edit(committed))];
  }
}

/** The same before the members are known; undefined for a change that depends on them. */
export const changeIdOfNamed = (change: MemberChange | undefined): string | undefined =>
  change === undefined || change.kind === "edit" ? undefined : changeIdOf(change, new Set());
