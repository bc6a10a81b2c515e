import type { TenantConfig } from "../../operations/live/tenant.ts";
import type { Question } from "./question.ts";

type PushGroupEntry = TenantConfig["pushGroups"][number];

/** A group that Okta pushes for the stack. */
export interface PushedNow {
  readonly id: string;
  /** The names by which an entry of `pushGroups` can mean it: the one in the stack and the one in Okta. */
  readonly names: readonly string[];
  /** Whether the group was deleted in Okta: then no pattern matches it any more. */
  readonly isDeleted?: boolean;
}

/** The org at this moment, as far as a deployment can change it for people. */
export interface Situation {
  /** People who have the app only because of the assignment group. */
  readonly people: number;
  readonly pushed: readonly PushedNow[];
}

interface Change {
  readonly before: TenantConfig;
  readonly after: TenantConfig;
}

/**
 * The questions about a deployment that ends something in use, or has an effect on everyone. Each one says what happens
 * to people, pushed groups and the directory. Empty if the deployment only adds or adjusts.
 * @param before the configuration that is deployed
 * @param after the configuration that the deployment uses
 */
export function effectsOf(before: TenantConfig, after: TenantConfig, now: Situation): readonly Question[] {
  const change = { before, after };
  const whole = replacement(change, now);
  // It ends the app with all of its pushes, so the smaller changes have no effect of their own.
  if (whole !== undefined) return [whole];
  const isOn = before.connection === "ready" && before.oktaHalf === "managed";
  const okta = isOn ? (disconnection(change, now) ?? [...lostPushes(change, now), ...lostRules(change)]) : [];
  return [...okta, ...renamedAssignment(change, now), ...newAddress(change), ...lostReaders(change)];
}

const counted = (count: number, one: string, many: string): string =>
  count === 1 ? one : `${count.toLocaleString("en")} ${many}`;
const deactivated = (people: number): string =>
  people === 0
    ? "Nobody is provisioned at the moment."
    : `Okta deactivates ${counted(people, "one person", "people")} in the directory.`;
const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, MOST_NAMES);
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest.toLocaleString("en")} more`] : shown;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
};
const MOST_NAMES = 10;
const nameOf = ({ names, id }: PushedNow): string => names[0] ?? id;

/** Other names for the app or the directory: the stack makes new ones and deletes those of today. */
function replacement({ before, after }: Change, { people }: Situation): Question | undefined {
  const parts = [
    before.tenant !== after.tenant && `tenant is ${after.tenant} instead of ${before.tenant}`,
    before.endpoint.kind !== after.endpoint.kind &&
      `endpoint.kind is ${after.endpoint.kind} instead of ${before.endpoint.kind}`,
    before.app.template !== after.app.template &&
      `app.template is ${after.app.template} instead of ${before.app.template}`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return undefined;
  const isNewDirectory = before.tenant !== after.tenant || before.endpoint.kind !== after.endpoint.kind;
  const ends =
    isNewDirectory && before.endpoint.kind === "managed"
      ? "the app and the directory of today, with every user and group in it"
      : "the app of today";
  const isOn = before.oktaHalf === "managed" && before.connection === "ready";
  const loss = `deletes ${ends}.${isOn ? ` ${deactivated(people)}` : ""}`;
  const isStopped = after.oktaHalf === "managed" && after.connection === "ready";
  return {
    title: "Replace the app?",
    text: `${listed(parts)}. ${
      isStopped
        ? `The new app is not connected, so with connection: ready this deployment stops there and deletes nothing. With connection: pending it makes the new resources and ${loss} Then the console step is due again.`
        : `The deployment makes the new resources and ${loss}`
    }`,
    verb: "Replace and deploy",
  };
}

function disconnection({ before, after }: Change, now: Situation): Question[] | undefined {
  if (after.connection === "ready") return undefined;
  return [
    {
      title: "Set connection back to pending?",
      text: [
        `The deployment removes the app’s assignment, its group rules and its pushes. ${deactivated(now.people)}`,
        targetsText(now.pushed, before),
        "Nobody’s account in Okta is deleted. connection: ready assigns and pushes again.",
      ]
        .filter((text) => text !== "")
        .join(" "),
      verb: "Disconnect and deploy",
    },
  ];
}

/** Whether an entry of `pushGroups` means this group. */
const means = (entry: PushGroupEntry, { id, names }: PushedNow): boolean => {
  const { name, id: own, startsWith, contains } = entry;
  const lower = names.map((one) => one.toLowerCase());
  return (
    own === id ||
    (name !== undefined && names.includes(name)) ||
    (startsWith !== undefined && lower.some((one) => one.startsWith(startsWith.toLowerCase()))) ||
    (contains !== undefined && lower.some((one) => one.includes(contains.toLowerCase())))
  );
};

/** Whether a deployment of this configuration goes on pushing the group. */
export const isStillPushed = ({ connection, pushGroups }: TenantConfig, group: PushedNow): boolean =>
  connection === "ready" &&
  pushGroups.some((entry) => {
    const isPattern = entry.name === undefined && entry.id === undefined;
    return means(entry, group) && !(isPattern && group.isDeleted === true);
  });

/** What becomes of the groups in the directory once their pushes end. */
function targetsText(ended: readonly PushedNow[], before: TenantConfig): string {
  const isKept = (one: PushedNow): boolean =>
    before.pushGroups.find((entry) => means(entry, one))?.keepTargetOnDelete === true;
  const kept = ended.filter(isKept).map(nameOf);
  const gone = ended.filter((one) => !isKept(one)).map(nameOf);
  return [
    gone.length > 0 && `In the directory ${listed(gone)} ${gone.length === 1 ? "is" : "are"} deleted.`,
    kept.length > 0 && `In the directory ${listed(kept)} ${kept.length === 1 ? "stays" : "stay"} (keepTargetOnDelete).`,
  ]
    .filter((text) => text !== false)
    .join(" ");
}

/** Groups that the stack created in Okta and no longer declares. In production it leaves them. */
function ownGroupsText({ before, after }: Change): string {
  const createdBy = ({ pushGroups }: TenantConfig): string[] =>
    pushGroups.flatMap(({ create, name }) => (create && name !== undefined ? [name] : []));
  const kept = new Set(createdBy(after));
  const gone = createdBy(before).filter((name) => !kept.has(name));
  if (gone.length === 0 || before.stage === "production") return "";
  return `The stack created ${listed(gone)} in Okta and deletes ${gone.length === 1 ? "the group" : "these groups"} there too.`;
}

function lostPushes(change: Change, { pushed }: Situation): Question[] {
  const { before, after } = change;
  const ended = pushed.filter((one) => !isStillPushed(after, one));
  if (ended.length === 0) return [];
  const names = ended.map(nameOf);
  const rules =
    before.groupRules === "automatic"
      ? `The group ${ended.length === 1 ? "rule for it ends" : "rules for them end"} too: people who have the app keep it, and new members do not get it.`
      : "";
  return [
    {
      title: `Stop pushing ${listed(names)}?`,
      text: [
        `The deployment ends the push of ${listed(names)}.`,
        targetsText(ended, before),
        rules,
        ownGroupsText(change),
        "Nobody’s account is deleted.",
      ]
        .filter((text) => text !== "")
        .join(" "),
      verb: "Remove and deploy",
    },
  ];
}

function lostRules({ before, after }: Change): Question[] {
  if (before.groupRules === after.groupRules || after.groupRules === "automatic") return [];
  return [
    {
      title: "Delete the group rules?",
      text: "The deployment deletes the rules that fill the assignment group. People who have the app keep it; who joins a pushed group later is not assigned and is missing in the directory until an administrator assigns them.",
      verb: "Delete and deploy",
    },
  ];
}

function renamedAssignment({ before, after }: Change, { people }: Situation): Question[] {
  if (before.assignmentGroup === after.assignmentGroup || before.oktaHalf === "byHand") return [];
  return [
    {
      title: `Rename ${before.assignmentGroup} to ${after.assignmentGroup}?`,
      text: `The deployment renames the assignment group in Okta, and its rules. ${people === 0 ? "" : `Its ${counted(people, "member stays", "people stay")} assigned. `}No other group is used: a group that has this name already makes the deployment fail.`,
      verb: "Rename and deploy",
      kind: "primary",
    },
  ];
}

function newAddress({ before, after }: Change): Question[] {
  const [old, next] = [before.endpoint, after.endpoint];
  if (old.kind !== "external" || next.kind !== "external" || old.baseUrl === next.baseUrl) return [];
  return [
    {
      title: "Use another directory?",
      text: `endpoint.baseUrl is ${next.baseUrl} instead of ${old.baseUrl}. Okta goes on sending to the old address until an administrator enters the new one in the app; the new directory has only what Okta sends afterwards.`,
      verb: "Change and deploy",
    },
  ];
}

/** Systems whose token ends, and receivers whose events are lost. */
function lostReaders({ before, after }: Change): Question[] {
  const lost = (was: readonly string[], is: readonly string[]): string[] => was.filter((name) => !is.includes(name));
  const receiversOf = ({ events }: TenantConfig): string[] => (events?.receivers ?? []).map(({ name }) => name);
  const readers = lost(before.readers, after.readers);
  const receivers = lost(receiversOf(before), receiversOf(after));
  const all = [...readers, ...receivers];
  if (all.length === 0) return [];
  return [
    {
      title: `Remove ${listed(all)}?`,
      text: [
        readers.length > 0 && `The token of ${listed(readers)} ends: each request with it is answered with 401.`,
        receivers.length > 0 && `The queue of ${listed(receivers)} is deleted, with the events that wait in it.`,
      ]
        .filter((text) => text !== false)
        .join(" "),
      verb: "Remove and deploy",
    },
  ];
}
