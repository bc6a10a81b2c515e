import { createHash } from "node:crypto";
import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";

/** Characters that Okta allows in a rule's name (HELP: Group rule restrictions). */
const NAME_LIMIT = 50;
/** Fixed for all tenants: were it to follow the number of groups, growth would move groups from one rule to another. */
const SHARDS = 8;

export interface RuleSource {
  /** The stable text that names what is made for the group. */
  readonly key: string;
  /** What people call the group; distinct among a tenant's groups. */
  readonly label: string;
  readonly groupId: pulumi.Input<string>;
  /** The pattern that found the group, such as `Dev*`; absent for a group that the configuration names by itself. */
  readonly pattern?: string | undefined;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Which of a pattern's rules a group feeds: the same one whatever other groups the pattern finds. */
export const shardOf = (key: string): number => (digest(key)[0] ?? 0) % SHARDS;

/** A rule's name: at most 50 characters, and distinct for each tenant, assignment group and `about`. */
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

/** Okta expression that is true for members of any of the groups; ids in a stable order. */
export function memberOfAny(ids: readonly string[]): string {
  return `isMemberOfAnyGroup(${[...ids]
    .sort()
    .map((id) => JSON.stringify(id))
    .join(", ")})`;
}

/** The rule that a group feeds: its own, or one of the few that its pattern shares. */
function ruleOf({ key, label, pattern }: RuleSource): { readonly key: string; readonly about: string } {
  if (pattern === undefined) return { key, about: label };
  const shard = `${shardOf(key) + 1}`;
  return { key: `${pattern}-${shard}`, about: `${pattern} ${shard}/${SHARDS}` };
}

/**
 * Rules that put the members of pushed groups in the assignment group: a pushed group's members must be assigned, or
 * Okta leaves them out of the pushed group. Nobody is unassigned by a change of what is pushed:
 * - A group that the configuration names has a rule of its own. It comes and goes without touching another rule, and
 *   whom it assigned stays, because a deleted rule leaves its people in place.
 * - A pattern may find many groups, and an org has 2,000 rules at most, so they share eight; a newcomer changes the
 *   expression of one of them in place.
 * A rule's target never changes: that would replace the rule.
 * @returns the rule that each group feeds, by the group's key
 */
export function createGroupRules(
  name: string,
  args: {
    readonly assignmentGroup: { readonly id: pulumi.Input<string>; readonly name: string };
    readonly sources: readonly RuleSource[];
  },
  options: pulumi.CustomResourceOptions,
): ReadonlyMap<string, okta.group.Rule> {
  const rules = new Map<string, { readonly about: string; readonly sources: RuleSource[] }>();
  for (const source of args.sources) {
    const { key, about } = ruleOf(source);
    const rule = rules.get(key) ?? { about, sources: [] };
    rule.sources.push(source);
    rules.set(key, rule);
  }
  const bySource = new Map<string, okta.group.Rule>();
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
      // Names are unique in an org: a rule that Okta made INVALID must go before its successor can take its name.
      { ...options, deleteBeforeReplace: true },
    );
    for (const source of sources) bySource.set(source.key, rule);
  }
  return bySource;
}
