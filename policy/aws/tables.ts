import { at, leaves, list, UNKNOWN, type Resource } from "../model/resource.ts";
import type { StackRule } from "../model/rule.ts";

const TABLE = "aws:dynamodb/table:Table";
const REPLICA = "aws:dynamodb/tableReplica:TableReplica";
const DAYS = 35;
const READ = ["pointInTimeRecovery", "deletionProtectionEnabled", "replicas"];
const DIRECTORY = "okta-scim-directory:index:ScimDirectory";

export const tablesRecoverable: StackRule = {
  name: "tables-recoverable-and-protected",
  description:
    "A table can be restored to any second of 35 days (pointInTimeRecovery)." +
    " A table is deleted neither by AWS (deletionProtectionEnabled) nor by Pulumi (protect) before somebody switches that off." +
    " A directory of stage development excuses the tables inside it, and no others.",
  check: (resources) =>
    judged(resources).flatMap(({ type, urn, props, protect }) => {
      const missing = [
        ...(type === REPLICA || hasAllDays(props["pointInTimeRecovery"]) ? [] : ["pointInTimeRecovery of 35 days"]),
        ...(type !== REPLICA || isOn(props["pointInTimeRecovery"]) ? [] : ["pointInTimeRecovery"]),
        ...(isOn(props["deletionProtectionEnabled"]) ? [] : ["deletionProtectionEnabled"]),
        ...(protect ? [] : ["protect"]),
        ...list(props["replicas"]).flatMap(missingOnReplica),
      ];
      if (missing.length === 0) return [];
      return [{ urn, message: `${missing.join(", ")} is off on a table of a production tenant; switch it on` }];
    }),
  knownAtUp: (resources) =>
    judged(resources).flatMap(({ name, props }) => {
      const read = Object.fromEntries(READ.map((property) => [property, props[property]]));
      return [...leaves(read)].filter(([, leaf]) => leaf === UNKNOWN).map(([path]) => `${path} of ${name}`);
    }),
};

/** The tables and replicas that no directory of stage development excuses. */
function judged(resources: readonly Resource[]): readonly Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources
    .filter(({ type }) => type === TABLE || type === REPLICA)
    .filter((table) => !isForDevelopment(table, byUrn));
}

/** Whether recovery is on, and not for fewer days than the 35 that DynamoDB keeps by default. */
function hasAllDays(recovery: unknown): boolean {
  const days = at(recovery, "recoveryPeriodInDays");
  return isOn(at(recovery, "enabled")) && (days === undefined || days === UNKNOWN || Number(days) === DAYS);
}

/** A replica is a table of its own in another region, with switches of its own. */
function missingOnReplica(replica: unknown): readonly string[] {
  const region = at(replica, "regionName");
  const where = typeof region === "string" ? region : "another region";
  return ["pointInTimeRecovery", "deletionProtectionEnabled"]
    .filter((property) => replica !== UNKNOWN && !isOn(at(replica, property)))
    .map((property) => `${property} of the replica in ${where}`);
}

const isOn = (value: unknown): boolean => value === true || value === UNKNOWN;

/** Whether the resource stands inside a directory of stage development. */
function isForDevelopment(resource: Resource, byUrn: ReadonlyMap<string, Resource>): boolean {
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  if (parent === undefined) return false;
  if (parent.type === DIRECTORY) return parent.props["stage"] === "development";
  return isForDevelopment(parent, byUrn);
}
