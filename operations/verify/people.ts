import type { TenantConfig } from "../../components/config/tenant.ts";
import type { Facts, PushFacts } from "./facts.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checksOf, count, listNames, type Check } from "./check.ts";

const SECTION = "Users and groups";

/** Okta pushes nobody who is suspended, deactivated or not activated yet (help.okta.com, "About Group Push"). */
const UNPUSHED: ReadonlySet<string> = new Set(["SUSPENDED", "DEPROVISIONED", "STAGED"]);

/** People of a pushed group whom Okta would push if they were assigned. */
const pushable = ({ members }: PushFacts): PushFacts["members"] =>
  members.filter(({ status }) => !UNPUSHED.has(status));

/** "Assigning Users": the group is on the app, its people are provisioned, and whoever is pushed is among them. */
export function checkPeople({ config, outputs }: DeployedTenant, facts: Facts): Check[] {
  const { right, warning, wrong } = checksOf(SECTION);
  const { assignmentGroup, assignedGroups, assigned, pushes } = facts;
  if (assignmentGroup === undefined) {
    return [
      wrong(
        "The assignment group exists",
        `the org has no group ${config.assignmentGroup} of this stack`,
        "run pulumi up --refresh, which makes it again",
      ),
    ];
  }
  const group = right("The assignment group exists", assignmentGroup.name);
  if (config.connection === "pending") return [group];

  const isAssigned = assignedGroups.includes(outputs.assignmentGroupId);
  const others = assignedGroups.filter((id) => id !== outputs.assignmentGroupId);
  const unprovisioned = assigned.filter(({ externalId }) => externalId === undefined);
  const pushed = new Set(pushes.flatMap(({ members }) => members.map(({ id }) => id)));
  const alone = assigned.filter(({ id }) => !pushed.has(id)).map(({ userName }) => userName);
  return [
    group,
    isAssigned
      ? right("The assignment group is assigned to the app", count(assigned.length, "person", "people"))
      : wrong(
          "The assignment group is assigned to the app",
          "nobody is provisioned through it",
          "run pulumi up --refresh",
        ),
    bothPlaces(pushes, assignedGroups),
    others.length === 0
      ? right("No other group is assigned", "the assignment group decides alone")
      : warning(
          "No other group is assigned",
          `also assigned: ${listNames(others)}`,
          "unassign what is not meant to be provisioned",
        ),
    unprovisioned.length === 0
      ? right("Everyone assigned is in the directory", count(assigned.length, "person", "people"))
      : wrong(
          "Everyone assigned is in the directory",
          `assigned, but never provisioned or failed: ${listNames(unprovisioned.map(({ userName }) => userName))}`,
          "read Dashboard > Tasks in the Admin Console; who was assigned before provisioning was on needs Provision User on the app's Assignments tab",
        ),
    ...pushedAreAssigned(config, facts),
    right(
      "Assigned and in no pushed group",
      alone.length === 0 ? "nobody" : `${listNames(alone)}: in the directory, in none of its groups`,
    ),
  ];
}

function bothPlaces(pushes: readonly PushFacts[], assignedGroups: readonly string[]): Check {
  const { right, wrong } = checksOf(SECTION);
  const step = "No group is both assigned and pushed";
  const both = pushes.filter(({ sourceGroupId }) => assignedGroups.includes(sourceGroupId)).map(({ label }) => label);
  return both.length === 0
    ? right(step, "as Okta wants it")
    : wrong(
        step,
        `in both places: ${listNames(both)}`,
        "unassign the group from the app; the assignment group covers its people",
      );
}

/** A member who is not assigned is silently left out of the pushed group. */
function pushedAreAssigned(config: TenantConfig, { pushes, assigned }: Facts): Check[] {
  const { right, wrong } = checksOf(SECTION);
  const step = "Members of pushed groups are assigned";
  const ids = new Set(assigned.map(({ id }) => id));
  const gaps = pushes.flatMap((push) => {
    const missing = pushable(push).filter(({ id }) => !ids.has(id));
    return missing.length === 0 ? [] : [`${push.label}: ${listNames(missing.map(({ login }) => login))}`];
  });
  if (gaps.length === 0) return [right(step, "all of them")];
  const remedy =
    config.groupRules === "none"
      ? `put them in ${config.assignmentGroup}, or set groupRules to automatic`
      : "see that the rules further down are active; Okta may take some minutes to apply them, and leaves out whom a rule excludes";
  return [wrong(step, `not assigned, and so not pushed: ${gaps.join("; ")}`, remedy)];
}
