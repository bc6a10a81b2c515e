import { createHash } from "node:crypto";
import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";

/** Characters that Okta allows in a rule's name (HELP: Group rule restrictions). */
const NAME_LIMIT = 50;
/** Fixed for all tenants: were it to follow the number of groups, growth would move groups from one rule to another. */
const SHARDS = 8;

export interface RuleSource {
  /** The stable text that the configuration names the group by. */
  readonly key: string;
  readonly groupId: pulumi.Input<string>;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The rule that a group belongs to: the same one for as long as the configuration names the group the same way. */
export function shardOf(key: string): number {
  return (digest(key.toLowerCase())[0] ?? 0) % SHARDS;
}

/** A rule's name, at most 50 characters, distinct for each tenant and shard. */
export function ruleName(tenant: string, assignmentGroup: string, shard: number): string {
  const suffix = ` ${shard + 1}/${SHARDS}`;
  const full = `${tenant}: pushed > ${assignmentGroup}`;
  if (full.length + suffix.length <= NAME_LIMIT) return full + suffix;
  const hash = `~${digest(full).toString("hex").slice(0, 6)}`;
  return full.slice(0, NAME_LIMIT - suffix.length - hash.length) + hash + suffix;
}

/** Okta expression that is true for members of any of the groups; ids in a stable order. */
export function memberOfAny(ids: readonly string[]): string {
  return `isMemberOfAnyGroup(${[...ids]
    .sort()
    .map((id) => JSON.stringify(id))
    .join(", ")})`;
}

/**
 * Rules that put the members of pushed groups in the assignment group. A pushed group's members must be assigned, or
 * Okta leaves them out of the pushed group. A rule's expression changes in place when groups come and go; its target
 * never changes, because that would replace the rule and deprovision people in between.
 */
export function createGroupRules(
  name: string,
  args: {
    readonly assignmentGroup: { readonly id: pulumi.Input<string>; readonly name: string };
    readonly sources: readonly RuleSource[];
  },
  options: pulumi.CustomResourceOptions,
): okta.group.Rule[] {
  const shards = new Map<number, RuleSource[]>();
  for (const source of args.sources) {
    const shard = shardOf(source.key);
    shards.set(shard, [...(shards.get(shard) ?? []), source]);
  }
  return [...shards]
    .sort(([a], [b]) => a - b)
    .map(
      ([shard, sources]) =>
        new okta.group.Rule(
          `${name}-rule-${shard + 1}`,
          {
            name: ruleName(name, args.assignmentGroup.name, shard),
            status: "ACTIVE",
            groupAssignments: [args.assignmentGroup.id],
            expressionType: "urn:okta:expression:1.0",
            expressionValue: pulumi.all(sources.map(({ groupId }) => groupId)).apply(memberOfAny),
          },
          options,
        ),
    );
}
