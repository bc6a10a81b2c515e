import { EndpointError, type DirectoryReader } from "../live/directory.ts";
import type { Assigned, JobFailure, Member } from "../live/org.ts";

/** Receives progress messages, for people who wait for a large tenant. */
export type Progress = (text: string) => void;

/**
 * A comparison of the people on both sides. It keeps only two ids and a name for each person; the lists name those who
 * are not right.
 */
export interface People {
  /** How many are assigned to the app. */
  readonly assigned: number;
  /** From Okta's id of each assigned person to the id in the directory, if Okta provisioned the person. */
  readonly linkedTo: ReadonlyMap<string, string | undefined>;
  /** From the id in the directory to the name, for everyone that Okta provisioned. */
  readonly nameOf: ReadonlyMap<string, string>;
  readonly unprovisioned: readonly string[];
  /** People whose last provisioning failed, whether they are in the directory or not. */
  readonly failed: readonly Failure[];
  /** Active in the directory, but linked to nobody who is assigned in Okta. */
  readonly leavers: readonly string[];
  /** Why Okta did not deactivate some of them, by name. */
  readonly undeactivated: ReadonlyMap<string, string>;
  /** Assigned and provisioned, but not active in the directory. */
  readonly inactive: readonly string[];
  /** Why the directory's people cannot be listed. */
  readonly unreadable: EndpointError | undefined;
}

export interface Failure {
  readonly id: string;
  readonly userName: string;
  readonly message: string | undefined;
}

const REPORT_EVERY = 5_000;

/** Reads the people of both sides, page by page. @param assigned undefined if the app does not exist */
export async function readPeople(
  assigned: AsyncIterable<Assigned> | undefined,
  failures: () => AsyncIterable<JobFailure>,
  directory: DirectoryReader,
  onProgress: Progress,
): Promise<People> {
  const linkedTo = new Map<string, string | undefined>();
  const nameOf = new Map<string, string>();
  const unprovisioned: string[] = [];
  const failed: Failure[] = [];
  for await (const { id, userName, externalId, syncState, errorMessage } of assigned ?? []) {
    const isFailed = syncState === "ERROR";
    linkedTo.set(id, externalId);
    if (externalId !== undefined) nameOf.set(externalId, userName);
    if (isFailed) failed.push({ id, userName, message: errorMessage });
    else if (externalId === undefined) unprovisioned.push(userName);
    if (linkedTo.size % REPORT_EVERY === 0) onProgress(`Read ${linkedTo.size} people of the org`);
  }
  const here = await readDirectoryPeople(nameOf, directory, onProgress);
  const reasons = await readReasons(failed, here.leavers, failures, onProgress);
  const absent = new Set(nameOf.keys());
  for (const id of here.active) absent.delete(id);
  const inactive = here.unreadable === undefined ? [...absent].flatMap((id) => nameOf.get(id) ?? []) : [];
  return {
    assigned: linkedTo.size,
    ...{ linkedTo, nameOf, unprovisioned, inactive },
    failed: failed.map((failure) => ({ ...failure, message: failure.message ?? reasons.ofRecords.get(failure.id) })),
    undeactivated: reasons.ofLeavers,
    ...{ leavers: here.leavers, unreadable: here.unreadable },
  };
}

interface Reasons {
  /** By Okta's id. */
  readonly ofRecords: ReadonlyMap<string, string>;
  /** By name. */
  readonly ofLeavers: ReadonlyMap<string, string>;
}

/**
 * The newest words of the System Log: on people whose record has none, because `errorMessage` is not in Okta's published
 * schema, and on people whose deactivation failed, because Okta keeps no record of them.
 */
async function readReasons(
  failed: readonly Failure[],
  leavers: readonly string[],
  failures: () => AsyncIterable<JobFailure>,
  onProgress: Progress,
): Promise<Reasons> {
  const records = new Set(failed.flatMap(({ id, message }) => (message === undefined ? [id] : [])));
  const gone = new Map(leavers.map((name) => [name.toLowerCase(), name]));
  const ofRecords = new Map<string, string>();
  const ofLeavers = new Map<string, string>();
  if (records.size + gone.size === 0) return { ofRecords, ofLeavers };
  onProgress("Reading the System Log");
  for await (const { userId, login, job, reason } of failures()) {
    if (reason === undefined) continue;
    if (records.delete(userId)) ofRecords.set(userId, reason);
    const name = gone.get(login.toLowerCase());
    if (name !== undefined && job.endsWith(".deactivate") && gone.delete(login.toLowerCase()))
      ofLeavers.set(name, reason);
    if (records.size + gone.size === 0) break;
  }
  return { ofRecords, ofLeavers };
}

async function readDirectoryPeople(
  nameOf: ReadonlyMap<string, string>,
  directory: DirectoryReader,
  onProgress: Progress,
): Promise<{ leavers: string[]; active: ReadonlySet<string>; unreadable: EndpointError | undefined }> {
  const active = new Set<string>();
  const leavers: string[] = [];
  let read = 0;
  try {
    for await (const person of directory.people()) {
      read += 1;
      if (read % REPORT_EVERY === 0) onProgress(`Read ${read} people of the directory`);
      if (!person.active) continue;
      if (nameOf.has(person.id)) active.add(person.id);
      else leavers.push(person.userName);
    }
    return { leavers, active, unreadable: undefined };
  } catch (error) {
    if (error instanceof EndpointError) return { leavers: [], active, unreadable: error };
    throw error;
  }
}

/** The members of a pushed group on both sides. */
export interface Members {
  /** Okta's ids of the members. */
  readonly ids: ReadonlySet<string>;
  /** Members that Okta would push if they were assigned. */
  readonly unassigned: readonly string[];
  /** Names of members who are assigned and provisioned, and absent from the group in the directory. */
  readonly missing: readonly string[];
  /** Ids of members that only the group in the directory has. */
  readonly extra: readonly string[];
}

/** Okta pushes nobody who is suspended, deactivated or not activated yet (help.okta.com, "About Group Push"). */
export const UNPUSHED: ReadonlySet<string> = new Set(["SUSPENDED", "DEPROVISIONED", "STAGED"]);

/** @param inDirectory ids of the members in the directory; undefined if the group cannot be read */
export async function readMembers(
  source: AsyncIterable<Member> | undefined,
  people: People,
  inDirectory: ReadonlySet<string> | undefined,
): Promise<Members> {
  const ids = new Set<string>();
  const unassigned: string[] = [];
  const missing: string[] = [];
  const extra = new Set(inDirectory);
  // Okta may or may not have pushed a person whose last provisioning failed: the group is right either way.
  const failed = new Set(people.failed.map((failure) => failure.id));
  for await (const { id, login, status } of source ?? []) {
    ids.add(id);
    const pushable = !UNPUSHED.has(status);
    const scimId = people.linkedTo.get(id);
    if (!people.linkedTo.has(id)) {
      if (pushable) unassigned.push(login);
    } else if (scimId !== undefined) {
      if (pushable && !failed.has(id) && inDirectory?.has(scimId) === false) missing.push(login);
      extra.delete(scimId);
    }
  }
  return { ids, unassigned, missing, extra: [...extra] };
}
