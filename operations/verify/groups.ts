import { z } from "zod";
import type { Facts, PushFacts } from "./facts.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checksOf, listNames, type Check } from "./check.ts";
import { describeAnswer } from "./endpoint.ts";

const PUSHING = "Pushing groups";
const RULES = "Automatically updating the assignment group";
const found = z.object({ totalResults: z.int().positive() });

/** "Pushing Groups": each mapping is there, works, and its group is in the directory. */
export function checkPushes(tenant: DeployedTenant, facts: Facts): Check[] {
  const { right, warning } = checksOf(PUSHING);
  const { pushes, mappings, newcomers } = facts;
  if (tenant.config.connection === "pending") return [];
  const declared = new Set(pushes.map(({ sourceGroupId }) => sourceGroupId));
  const strangers = mappings.filter(({ sourceGroupId }) => !declared.has(sourceGroupId));
  return [
    ...pushes.flatMap((push) => checkPush(tenant, push)),
    strangers.length === 0
      ? right("Nothing else is pushed", "every mapping of the app is in pushGroups")
      : warning(
          "Nothing else is pushed",
          `pushed by hand: ${listNames(strangers.map(({ sourceGroupId }) => sourceGroupId))}`,
          "add the groups to pushGroups and import their mappings, or unlink them",
        ),
    ...(newcomers.length === 0
      ? []
      : [
          warning(
            "No group matches a pattern anew",
            `not pushed yet: ${listNames(newcomers.map(({ name }) => name))}`,
            "run pulumi up",
          ),
        ]),
  ];
}

function checkPush({ config, outputs }: DeployedTenant, push: PushFacts): Check[] {
  const { right, unknown, wrong } = checksOf(PUSHING);
  const { label, group, mapping, target } = push;
  const step = `${label} is pushed`;
  if (group === undefined) {
    return [wrong(step, "the group is gone from the org", "remove it from pushGroups and run pulumi up")];
  }
  if (mapping === undefined) {
    return [
      wrong(
        step,
        "the app has no mapping for it",
        "run pulumi refresh and pulumi up; if the provider refuses the refresh, pulumi state delete the mapping first",
      ),
    ];
  }
  if (mapping.status === "ERROR") {
    const text = mapping.errorSummary ?? "Okta gives no reason";
    return [
      wrong(
        step,
        `the mapping is in ERROR: ${text}`,
        `mend the reason, then npm run push-now -- --group ${JSON.stringify(label)}`,
      ),
    ];
  }
  const wanted = outputs.pushGroups[label]?.status ?? "ACTIVE";
  if (mapping.status !== wanted) {
    return [wrong(step, `the mapping is ${mapping.status} instead of ${wanted}`, "run pulumi up --refresh")];
  }
  if (mapping.status === "INACTIVE") return [unknown(step, "paused by status: INACTIVE in the configuration")];
  if (target === undefined) return [unknown(step, "the group that it fills cannot be read")];
  const name = JSON.stringify(target.name);
  return [
    found.safeParse(target.found.body).success
      ? right(step, `the directory has ${name}`)
      : wrong(
          step,
          target.found.status === 200
            ? `the directory has no group ${name}`
            : `the directory answers ${describeAnswer(target.found)}`,
          config.endpoint.kind === "external"
            ? "see that Okta's base URL and token are those of this directory, then npm run push-now"
            : "see that Okta's base URL and token are scimBaseUrl and scimToken of this stack, then npm run push-now",
        ),
  ];
}

/** The rules that assign the members of pushed groups, and the cascades that Okta advises against. */
export function checkRules({ config, outputs }: DeployedTenant, { rules, pushes }: Facts): Check[] {
  const { right, warning, wrong } = checksOf(RULES);
  if (config.connection === "pending") return [];
  const active = rules.filter(({ status }) => status === "ACTIVE");
  const ours = rules.filter(({ targets }) => targets.includes(outputs.assignmentGroupId));
  const idle = ours.filter(({ status }) => status !== "ACTIVE");
  const uncovered = pushes.filter(
    ({ sourceGroupId }) =>
      !ours.some(({ status, expression }) => status === "ACTIVE" && expression.includes(`"${sourceGroupId}"`)),
  );
  const fed = pushes.filter(({ sourceGroupId }) => active.some(({ targets }) => targets.includes(sourceGroupId)));
  const cascade =
    fed.length === 0
      ? right("No pushed group is itself filled by a rule", "rules follow people, not other rules")
      : warning(
          "No pushed group is itself filled by a rule",
          `filled by rules: ${listNames(fed.map(({ label }) => label))}; Okta advises against rules that follow other rules, which apply late`,
          "fill the assignment group from the same attributes as these groups, with groupRules none",
        );
  if (config.groupRules === "none") {
    return [right("Group rules", "left to you: groupRules is none"), cascade];
  }
  return [
    uncovered.length === 0
      ? right("A rule puts the members of each pushed group in the assignment group", `${ours.length} active`)
      : wrong(
          "A rule puts the members of each pushed group in the assignment group",
          `no active rule for ${listNames(uncovered.map(({ label }) => label))}`,
          "run pulumi up --refresh",
        ),
    ...(idle.length === 0
      ? []
      : [
          warning(
            "Every rule of the assignment group is active",
            listNames(idle.map(({ name, status }) => `${name} (${status})`)),
            "activate or delete them; a rule is INVALID for good once a group that it fills was deleted",
          ),
        ]),
    cascade,
  ];
}
