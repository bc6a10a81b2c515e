import type { TenantConfig } from "../../components/config/tenant.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checkOf, count, countNames, listNames, sections, type Check } from "./check.ts";
import type { Facts, PushFacts } from "./facts.ts";
import type { Failure } from "./peopleFacts.ts";

const check = (id: string, title: string) => checkOf(sections.people, id, title);

/** A failed provisioning job can only be repeated here: no API does it. */
const RETRY = `in the Admin Console open Dashboard > Tasks, select the jobs of this app and click Retry selected`;

/** "Assigning Users": the group is on the app, its people are provisioned, and both sides have the same people. */
export function checkPeople(tenant: DeployedTenant, facts: Facts): Check[] {
  const { config, stack } = tenant;
  const exists = check("assignment-group", "The assignment group exists");
  if (facts.assignmentGroup === undefined) {
    return [
      exists.wrong(
        `the org has no group ${config.assignmentGroup} of this stack`,
        `run "pulumi up --refresh --stack ${stack}", which creates it again`,
      ),
    ];
  }
  const group = exists.right(facts.assignmentGroup.name);
  // Before the first push, an existing directory has people of its own.
  if (config.connection === "pending")
    return [group, ...(config.endpoint.kind === "managed" ? checkLeavers(facts) : [])];
  return [
    group,
    ...checkAssignment(tenant, facts),
    checkUnprovisioned(facts),
    checkFailed(facts.people.failed),
    ...checkLeavers(facts),
    ...checkInactive(facts),
    checkAddress(tenant, facts),
    pushedAreAssigned(config, facts.pushes),
    checkAlone(facts),
  ];
}

function checkAssignment({ outputs, stack }: DeployedTenant, facts: Facts): Check[] {
  const { assignedGroups, people, mappings, strangers } = facts;
  const assigned = check("assignment", "The assignment group is assigned to the app");
  const alone = check("assignment-alone", "No other group is assigned");
  const others = assignedGroups.filter((id) => id !== outputs.assignmentGroupId).map((id) => strangers.get(id) ?? id);
  const bothPlaces = check("assigned-or-pushed", "No group is both assigned and pushed");
  const both = [...new Set(mappings.map(({ sourceGroupId }) => sourceGroupId))].filter((id) =>
    assignedGroups.includes(id),
  );
  return [
    assignedGroups.includes(outputs.assignmentGroupId)
      ? assigned.right(count(people.assigned, "person", "people"))
      : assigned.wrong("nobody is provisioned through it", `run "pulumi up --refresh --stack ${stack}"`),
    both.length === 0
      ? bothPlaces.right("as Okta requires")
      : bothPlaces.wrong(
          `in both places: ${listNames(both.map((id) => nameOfGroup(facts, id)))}`,
          both.includes(outputs.assignmentGroupId)
            ? "unlink the assignment group on the app's Push Groups tab, and push another group with the same people; unassign any other"
            : "unassign the group from the app; the assignment group covers its people",
        ),
    others.length === 0
      ? alone.right("the assignment group decides alone")
      : alone.warning(`also assigned: ${listNames(others)}`, "unassign the groups that are not to be provisioned"),
  ];
}

function nameOfGroup({ assignmentGroup, pushes, strangers }: Facts, id: string): string {
  if (id === assignmentGroup?.id) return assignmentGroup.name;
  return pushes.find(({ sourceGroupId }) => sourceGroupId === id)?.label ?? strangers.get(id) ?? id;
}

function checkUnprovisioned({ people }: Facts): Check {
  const { right, wrong } = check("provisioned", "Everyone assigned is in the directory");
  if (people.unprovisioned.length === 0) return right(count(people.assigned, "person", "people"));
  return wrong(
    `assigned, but never provisioned: ${countNames(people.unprovisioned)}`,
    `${RETRY}; people who were assigned before provisioning was on need Provision User on the app's Assignments tab`,
  );
}

/** The reasons of the failures, each once, with the people that each concerns. */
function checkFailed(failed: readonly Failure[]): Check {
  const { right, wrong } = check("sync-errors", "The last provisioning of everyone succeeded");
  if (failed.length === 0) return right("no app record is in ERROR");
  const byMessage = new Map<string, string[]>();
  for (const { userName, message = "Okta's API gives no reason" } of failed) {
    byMessage.set(message, [...(byMessage.get(message) ?? []), userName]);
  }
  const reasons = [...byMessage].map(([message, names]) => `${countNames(names)}: ${message}`);
  return wrong(`failed in Okta: ${reasons.join("; ")}`, `correct the reason, then ${RETRY}`);
}

/** An auditor's question: nobody who is no longer assigned may be active. */
function checkLeavers({ people }: Facts): Check[] {
  const { right, wrong } = check("leavers", "Nobody is active in the directory without being assigned in Okta");
  if (people.unreadable !== undefined) {
    return [wrong(people.unreadable.message, "see the connector test above, then verify again")];
  }
  if (people.leavers.length === 0) return [right("both sides have the same people")];
  return [
    wrong(
      `active, but not assigned: ${countNames(people.leavers)}${failedDeactivations(people.undeactivated)}`,
      `${RETRY}: a deactivation failed; a person with no such job is deactivated when they are assigned and unassigned again`,
    ),
  ];
}

/** Why deactivations failed, in Okta's words: the first ones, because each names its person. */
function failedDeactivations(reasons: ReadonlyMap<string, string>): string {
  if (reasons.size === 0) return "";
  const shown = [...reasons.values()].slice(0, MOST_REASONS).join("; ");
  const more = reasons.size > MOST_REASONS ? `; and ${reasons.size - MOST_REASONS} more` : "";
  return `. Failed jobs: ${shown}${more}`;
}

const MOST_REASONS = 3;

function checkInactive({ people }: Facts): Check[] {
  if (people.unreadable !== undefined) return [];
  const { right, warning } = check("inactive", "Everyone provisioned is active in the directory");
  if (people.inactive.length === 0) return [right(count(people.nameOf.size, "person", "people"))];
  return [
    warning(
      `assigned in Okta, but inactive or absent in the directory: ${countNames(people.inactive)}`,
      `${RETRY}; suspended people are meant to be inactive, others are sent again when they are unassigned and assigned`,
    ),
  ];
}

/** Okta's API does not show the base URL. Its failures name the address that it tried. */
function checkAddress({ outputs }: DeployedTenant, { people, mappings }: Facts): Check {
  const { right, wrong } = check("pushed-address", "No failure of Okta names another address");
  const words = [...people.failed.map(({ message }) => message), ...mappings.map(({ errorSummary }) => errorSummary)];
  const host = new URL(outputs.scimBaseUrl).host;
  const found = words.flatMap((text) => text?.match(/https?:\/\/[^\s"'<>)]+/g) ?? []);
  const others = [...new Set(found.flatMap((url) => (URL.canParse(url) ? [new URL(url).host] : [])))];
  const foreign = others.filter((other) => other !== host);
  return foreign.length === 0
    ? right(`pushes go to ${host}, as far as Okta's API tells`)
    : wrong(
        `Okta pushes to ${foreign.join(", ")}, and this tenant answers at ${host}`,
        `type ${outputs.scimBaseUrl} as base URL on the app's Provisioning tab, Integration, then ${RETRY}`,
      );
}

/** Okta silently leaves a member who is not assigned out of the pushed group. */
function pushedAreAssigned(config: TenantConfig, pushes: readonly PushFacts[]): Check {
  const { right, wrong } = check("members-assigned", "Members of pushed groups are assigned");
  const gaps = pushes.flatMap(({ label, members: { unassigned } }) =>
    unassigned.length === 0 ? [] : [`${label}: ${countNames(unassigned)}`],
  );
  if (gaps.length === 0) return right("all of them");
  return wrong(
    `not assigned, and so not pushed: ${gaps.join("; ")}`,
    config.groupRules === "none"
      ? `put them in ${config.assignmentGroup}, or set groupRules to automatic`
      : "see that the rules below are active; Okta may need some minutes to apply them, and leaves out people that a rule excludes",
  );
}

function checkAlone({ people, pushes }: Facts): Check {
  const pushed = pushes.map(({ members }) => members.ids);
  const alone = [...people.linkedTo].flatMap(([id, scimId]) =>
    pushed.some((ids) => ids.has(id)) ? [] : [people.nameOf.get(scimId ?? "") ?? id],
  );
  const { right } = check("in-no-group", "Assigned and in no pushed group");
  return right(alone.length === 0 ? "nobody" : `${listNames(alone)}: in the directory, in none of its groups`);
}
