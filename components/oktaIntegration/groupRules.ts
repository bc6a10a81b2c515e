import { createHash } from "node:crypto";
import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../config/errors.ts";

/** Characters that Okta allows in a rule's name (help.okta.com, "Group rules"). */
const NAME_LIMIT = 50;
/**
 * The number of rules that a pattern shares. It is fixed, because a number that follows the groups would move groups
 * between rules.
 */
const SHARDS = 8;

export interface RuleSource {
  /** The stable part of the names of the group's resources. */
  readonly key: string;
  /** The group's name for people; unique among a tenant's groups. */
  readonly label: string;
  readonly groupId: pulumi.Input<string>;
  /** The pattern that found the group, such as `Dev*`; undefined for a group that the configuration names. */
  readonly pattern?: string | undefined;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The number of the pattern's rule that a group feeds; it does not depend on the other groups that the pattern matches. */
export const shardOf = (key: string): number => (digest(key)[0] ?? 0) % SHARDS;

export interface GroupRulesResult {
  /** The rule that waits for all the others. */
  readonly last: okta.group.Rule | undefined;
  /** Rejects with a UserError that names the rules that a deployment left off. */
  readonly checked: pulumi.Output<void>;
}

/** A rule's name: at most 50 characters, and unique for each tenant, assignment group and `about`. */
export function ruleName(tenant: string, about: string, assignmentGroup: string): string {
  const full = `${tenant}: ${about} > ${assignmentGroup}`;
  if (full.length <= NAME_LIMIT) return full;
  const hash = `~${digest(full).toString("hex").slice(0, 8)}`;
  let start = "";
  for (const character of full) {
    if (start.length + character.length + hash.length > NAME_LIMIT) break;
    start += character;
  }
  return start + hash;
}

/** Okta expression that is true for members of any of the groups, with the ids in a stable order. */
export function memberOfAny(ids: readonly string[]): string {
  return `isMemberOfAnyGroup(${[...ids]
    .sort()
    .map((id) => JSON.stringify(id))
    .join(", ")})`;
}

/**
 * The rule that a group feeds: its own, or one of the rules that its pattern shares. The name of its own rule has a digest
 * of the key, because a group that is deleted and made again, or that takes the name of another one, gets its rule while
 * the old rule still has the group's name.
 */
function ruleOf({ key, label, pattern }: RuleSource): { readonly key: string; readonly about: string } {
  if (pattern === undefined) return { key, about: `${label} #${digest(key).toString("hex").slice(0, 6)}` };
  const shard = `${shardOf(key) + 1}`;
  return { key: `${pattern}-${shard}`, about: `${pattern} ${shard}/${SHARDS}` };
}

/**
 * Rules that put the members of pushed groups in the assignment group: Okta leaves members that are not assigned out of
 * the pushed group. A change of the pushed groups unassigns nobody:
 * - A group that the configuration names has a rule of its own. Adding or removing it touches no other rule, and the
 *   people that it assigned stay, because a deleted rule leaves its people in place.
 * - A pattern may match many groups, and an org has at most 2,000 rules, so the groups of a pattern share eight. A new
 *   group changes the expression of one of them in place.
 * A rule's target never changes, because that would replace the rule. Each rule waits for the one before: Okta answers
 * 423 to changes of rules at the same time, and the provider does not retry an activation.
 */
export function createGroupRules(
  name: string,
  args: {
    readonly assignmentGroup: { readonly id: pulumi.Input<string>; readonly name: string };
    readonly sources: readonly RuleSource[];
    /** Resources that the rules wait for. */
    readonly after: readonly pulumi.Resource[];
    readonly stack: string;
  },
  options: pulumi.CustomResourceOptions,
): GroupRulesResult {
  const rules = new Map<string, { readonly about: string; readonly sources: RuleSource[] }>();
  for (const source of args.sources) {
    const { key, about } = ruleOf(source);
    const rule = rules.get(key) ?? { about, sources: [] };
    rule.sources.push(source);
    rules.set(key, rule);
  }
  const created: okta.group.Rule[] = [];
  for (const [key, { about, sources }] of rules) {
    const rule = new okta.group.Rule(
      `${name}-rule-${key}`,
      {
        name: ruleName(name, about, args.assignmentGroup.name),
        status: "ACTIVE",
        groupAssignments: [args.assignmentGroup.id],
        expressionType: "urn:okta:expression:1.0",
        expressionValue: pulumi.all(sources.map(({ groupId }) => groupId)).apply(memberOfAny),
        removeAssignedUsers: false,
      },
      // Names are unique in an org: an INVALID rule must be deleted before its successor can take its name.
      { ...options, dependsOn: [...args.after, ...created.slice(-1)], deleteBeforeReplace: true },
    );
    created.push(rule);
  }
  return {
    last: created.at(-1),
    checked: pulumi.all(created.map(statusOf)).apply((all) => checkActive(all, args.stack)),
  };
}

interface RuleStatus {
  readonly name: string;
  readonly status: string | undefined;
}

const statusOf = ({ name, status }: okta.group.Rule): pulumi.Output<RuleStatus> =>
  pulumi.all([name, status]).apply(([ruleName, now]) => ({ name: ruleName, status: now }));

/** The provider records a rule whose activation failed as active, and the next deployment only reads it. */
function checkActive(rules: readonly RuleStatus[], stack: string): void {
  const off = rules.filter(({ status }) => status !== undefined && status !== "ACTIVE");
  if (off.length === 0 || pulumi.runtime.isDryRun()) return;
  throw new UserError(
    `group rules that must be active are off in Okta, and assign nobody:\n${off.map(({ name, status }) => `  - ${name} (${status ?? ""})`).join("\n")}\n` +
      `Run "pulumi up --stack ${stack}" again, which activates them.`,
  );
}
