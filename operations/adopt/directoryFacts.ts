import { EndpointError, type DirectoryGroup, type DirectoryReader } from "../live/directory.ts";
import { compareAttributes, type Differences } from "./attributes.ts";
import type { Existing } from "./existing.ts";

/** The directory compared with what Okta knows of it. Lists hold userNames. */
export interface DirectoryFacts extends Differences {
  readonly users: number;
  readonly inactive: number;
  readonly groups: number;
  /** People that Okta provisioned and that have no record in the directory. */
  readonly absent: readonly string[];
  /** People that Okta provisioned and whose record is inactive. */
  readonly asleep: readonly string[];
  /** Active people of the directory that Okta does not know. */
  readonly strangers: readonly string[];
  /** Assigned people that Okta has not provisioned, and the record that it links to them by userName. */
  readonly matches: readonly { readonly assigned: string; readonly record: string }[];
  /** Pairs of names in the directory that differ only in case. */
  readonly twins: readonly string[];
  /** The group that each mapping fills, by the mapping's id. */
  readonly targets: ReadonlyMap<string, Target>;
}

export type Target = DirectoryGroup | EndpointError | undefined;

/** Okta and SCIM services compare userNames without case (RFC 7643 section 4.1.1). */
const folded = (name: string): string => name.normalize("NFC").toLowerCase();

/** Reads the directory with GET requests. @throws EndpointError if its people or groups cannot be listed */
export async function readDirectoryFacts(
  { people, pushes }: Pick<Existing, "people" | "pushes">,
  directory: DirectoryReader,
): Promise<DirectoryFacts> {
  const groups = await directory.groupCount();
  const absent = new Map(people.linked);
  const names = new Map<string, string>();
  const attributes = compareAttributes();
  const counts = { users: 0, inactive: 0 };
  const asleep: string[] = [];
  const strangers: string[] = [];
  const twins: string[] = [];
  const seen = new Set<string>();
  for await (const record of directory.records()) {
    // A service that ignores the index of a page sends the same people again.
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    counts.users += 1;
    if (!record.active) counts.inactive += 1;
    const twin = names.get(folded(record.userName));
    if (twin === undefined) names.set(folded(record.userName), record.userName);
    else twins.push(`${twin} and ${record.userName}`);
    absent.delete(record.id);
    const sent = people.linked.get(record.id);
    if (sent !== undefined) attributes.add(record, sent);
    if (sent !== undefined && !record.active) asleep.push(sent.userName);
    if (sent === undefined && record.active) strangers.push(record.userName);
  }
  const matches = people.unlinked.flatMap((assigned) => {
    const record = names.get(folded(assigned));
    return record === undefined ? [] : [{ assigned, record }];
  });
  const linkedNext = new Set(matches.map(({ record }) => record));
  return {
    ...{ ...counts, groups, matches, asleep, twins, ...attributes.result() },
    absent: [...absent.values()].map(({ userName }) => userName),
    strangers: strangers.filter((name) => !linkedNext.has(name)),
    targets: await readTargets(pushes, directory),
  };
}

async function readTargets(pushes: Existing["pushes"], directory: DirectoryReader): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  // One after another, because the directory of a customer may limit its requests.
  for (const { mapping, targetName } of pushes) {
    if (targetName === undefined) continue;
    const read = directory.group(targetName).catch((error: unknown) => {
      if (error instanceof EndpointError) return error;
      throw error;
    });
    targets.set(mapping.id, await read);
  }
  return targets;
}
