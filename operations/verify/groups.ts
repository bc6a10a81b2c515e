import { MOVING } from "../../components/oktaIntegration/moving.ts";
import { EndpointError } from "../live/directory.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checkOf, countNames, listNames, sections, type Check } from "./check.ts";
import type { Facts, PushFacts, Target } from "./facts.ts";

/** "Pushing Groups": each mapping exists and works, and its group in the directory has the same members. */
export function checkPushes(tenant: DeployedTenant, { pushes, mappings, newcomers, strangers: names }: Facts): Check[] {
  if (tenant.config.connection === "pending") return [];
  const declared = new Set(pushes.map(({ sourceGroupId }) => sourceGroupId));
  const known = new Set(Object.values(tenant.outputs.pushGroups).map(({ mappingId }) => mappingId));
  const strangers = mappings.filter(({ id, sourceGroupId }) => !declared.has(sourceGroupId) && !known.has(id));
  const nothingElse = checkOf(sections.pushes, "pushed-by-hand", "Nothing else is pushed");
  const noNewcomer = checkOf(sections.pushes, "new-matches", "Every group that a pattern matches is pushed");
  return [
    ...pushes.flatMap((push) => [
      ...checkPush(tenant, push),
      ...checkName(tenant, push),
      ...checkMembers(tenant, push),
    ]),
    strangers.length === 0
      ? nothingElse.right("every mapping of the app is in pushGroups")
      : nothingElse.warning(
          `pushed by hand: ${listNames(strangers.map(({ sourceGroupId: id }) => names.get(id) ?? id))}`,
          "add the groups to pushGroups and import their mappings, or unlink them",
        ),
    ...(newcomers.length === 0
      ? []
      : [
          noNewcomer.warning(
            `not pushed yet: ${listNames(newcomers.map(({ name }) => name))}`,
            `run "pulumi up --stack ${tenant.stack}"`,
          ),
        ]),
  ];
}

const pushNow = ({ stack }: DeployedTenant, label: string): string =>
  `npm run push-now -- --stack ${stack} --group ${JSON.stringify(label)}`;

function checkPush(tenant: DeployedTenant, { label, group, mapping, target }: PushFacts): Check[] {
  const { outputs, stack } = tenant;
  const { right, unknown, warning, wrong } = checkOf(sections.pushes, `push:${label}`, `${label} is pushed`);
  if (group === undefined) {
    return [
      wrong(
        "the group does not exist in the org any more",
        `create the group again or remove it from pushGroups, then run "pulumi up --stack ${stack}"`,
      ),
    ];
  }
  if (outputs.pushGroups[label]?.status === MOVING) {
    return [
      warning(
        "the mapping of another group fills its group of the directory until the next deployment",
        `run "pulumi up --stack ${stack}" once more`,
      ),
    ];
  }
  if (mapping === undefined) {
    return [
      wrong(
        "the app has no mapping for it",
        `run "pulumi refresh --stack ${stack}" and "pulumi up --stack ${stack}"; if the provider refuses the refresh, first "pulumi state delete" the mapping`,
      ),
    ];
  }
  if (mapping.status === "ERROR") {
    const text = mapping.errorSummary ?? "Okta gives no reason";
    return [wrong(`the mapping is in ERROR: ${text}`, `correct the reason, then ${pushNow(tenant, label)}`)];
  }
  const wanted = outputs.pushGroups[label]?.status ?? "ACTIVE";
  if (mapping.status !== wanted) {
    return [
      wrong(`the mapping is ${mapping.status} instead of ${wanted}`, `run "pulumi up --refresh --stack ${stack}"`),
    ];
  }
  if (mapping.status === "INACTIVE") return [unknown("paused by status: INACTIVE in the configuration")];
  if (target === undefined) {
    return [
      wrong(
        "the group that it fills is gone from Okta and the directory",
        `${pushNow(tenant, label)}; if that does not help, unlink the group on the app's Push Groups tab, then run "pulumi up --refresh --stack ${stack}"`,
      ),
    ];
  }
  if (target.found instanceof EndpointError) return [wrong(target.found.message, remedyOf(tenant, label))];
  const name = JSON.stringify(target.name);
  return target.found === undefined
    ? [wrong(`the directory has no group ${name}`, remedyOf(tenant, label))]
    : [right(`the directory has ${name}`)];
}

const remedyOf = (tenant: DeployedTenant, label: string): string =>
  tenant.config.endpoint.kind === "external"
    ? `see that Okta's base URL and token are those of this directory, then ${pushNow(tenant, label)}`
    : `see that Okta's base URL and token are scimBaseUrl and scimToken of this stack, then ${pushNow(tenant, label)}`;

/** The index of the entry that names a group which has another name in Okta now; -1 if there is none. */
export const renamedEntry = ({ pushGroups }: DeployedTenant["config"], label: string, now: string): number =>
  now.toLowerCase() === label.toLowerCase() ? -1 : pushGroups.findIndex(({ name }) => name === label);

/** A group that the configuration names and that has another name in Okta now. */
function checkName({ config, stack }: DeployedTenant, { label, group }: PushFacts): Check[] {
  const index = group === undefined ? -1 : renamedEntry(config, label, group.name);
  if (group === undefined || index === -1) return [];
  return [
    checkOf(sections.pushes, `renamed:${label}`, `${label} has its name in Okta`).warning(
      `the group is called ${JSON.stringify(group.name)} now`,
      `rename it in the configuration too: pulumi config set --stack ${stack} --path 'pushGroups[${index}]' ${JSON.stringify(group.name)}`,
    ),
  ];
}

function checkMembers(tenant: DeployedTenant, { label, mapping, members, target }: PushFacts): Check[] {
  if (mapping?.status !== "ACTIVE" || !isRead(target)) return [];
  const title = `${label} has the same members on both sides`;
  const { right, unknown, wrong } = checkOf(sections.pushes, `members:${label}`, title);
  if (target.found.members === undefined)
    return [unknown(`the group has more members than one answer of the directory holds; Okta has ${members.ids.size}`)];
  const { missing } = members;
  const { extra } = target;
  if (missing.length + extra.length === 0) return [right(`${target.found.members.size} in the directory`)];
  const parts = [
    ...(missing.length === 0 ? [] : [`missing in the directory: ${countNames(missing)}`]),
    ...(extra.length === 0 ? [] : [`only in the directory: ${countNames(extra)}`]),
  ];
  return [wrong(parts.join("; "), pushNow(tenant, label))];
}

type Read = Target & { readonly found: Exclude<Target["found"], EndpointError | undefined> };
const isRead = (target: Target | undefined): target is Read =>
  target?.found !== undefined && !(target.found instanceof EndpointError);

/** The rules that assign the members of pushed groups, and the cascades that Okta advises against. */
export function checkRules({ config, outputs, stack }: DeployedTenant, { rules, pushes }: Facts): Check[] {
  if (config.connection === "pending") return [];
  const ours = rules.filter(({ targets }) => targets.includes(outputs.assignmentGroupId));
  const active = rules.filter(({ status }) => status === "ACTIVE");
  const fed = pushes.filter(({ sourceGroupId }) => active.some(({ targets }) => targets.includes(sourceGroupId)));
  const noCascade = checkOf(sections.rules, "rule-cascade", "No pushed group is itself filled by a rule");
  const cascade =
    fed.length === 0
      ? noCascade.right("rules follow people, not other rules")
      : noCascade.warning(
          `filled by rules: ${listNames(fed.map(({ label }) => label))}; Okta advises against rules that follow other rules, because they apply late`,
          "fill the assignment group from the same attributes as these groups, with groupRules none",
        );
  if (config.groupRules === "none") {
    return [checkOf(sections.rules, "rules", "Group rules").right("left to you: groupRules is none"), cascade];
  }
  const covers = (source: string): boolean =>
    ours.some(({ status, expression }) => status === "ACTIVE" && expression.includes(`"${source}"`));
  const uncovered = pushes.filter(({ sourceGroupId }) => !covers(sourceGroupId)).map(({ label }) => label);
  const idle = ours.filter(({ status }) => status !== "ACTIVE");
  const covered = checkOf(
    sections.rules,
    "rules",
    "A rule puts the members of each pushed group in the assignment group",
  );
  const running = checkOf(sections.rules, "rules-active", "Every rule of the assignment group is active");
  return [
    uncovered.length === 0
      ? covered.right(`${ours.length - idle.length} active`)
      : covered.wrong(`no active rule for ${listNames(uncovered)}`, `run "pulumi up --refresh --stack ${stack}"`),
    idle.length === 0
      ? running.right("none is off")
      : running.wrong(
          listNames(idle.map(({ name, status }) => `${name} (${status})`)),
          `run "pulumi up --refresh --stack ${stack}"; delete a rule that the stack does not declare; an INVALID rule, one of whose groups was deleted, can only be deleted`,
        ),
    cascade,
  ];
}
