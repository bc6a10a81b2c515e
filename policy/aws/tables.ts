import { at, UNKNOWN, type Resource } from "../model/resource.ts";
import type { StackRule } from "../model/rule.ts";

const TABLE = "aws:dynamodb/table:Table";
const REPLICA = "aws:dynamodb/tableReplica:TableReplica";
const DIRECTORY = "okta-scim-directory:index:ScimDirectory";

export const tablesRecoverable: StackRule = {
  name: "tables-recoverable-and-protected",
  description:
    "A table can be restored to any second of 35 days (pointInTimeRecovery)." +
    " A table is deleted neither by AWS (deletionProtectionEnabled) nor by Pulumi (protect) before somebody switches that off." +
    " A directory of stage development excuses the tables inside it, and no others.",
  check: (resources) => {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    return resources
      .filter(({ type }) => type === TABLE || type === REPLICA)
      .filter((table) => !isForDevelopment(table, byUrn))
      .flatMap(({ type, urn, props, protect }) => {
        const recovery = type === REPLICA ? props["pointInTimeRecovery"] : at(props, "pointInTimeRecovery", "enabled");
        const missing = [
          ...(isOn(recovery) ? [] : ["pointInTimeRecovery"]),
          ...(isOn(props["deletionProtectionEnabled"]) ? [] : ["deletionProtectionEnabled"]),
          ...(protect ? [] : ["protect"]),
        ];
        if (missing.length === 0) return [];
        return [{ urn, message: `${missing.join(", ")} is off on a table of a production tenant; switch it on` }];
      });
  },
};

const isOn = (value: unknown): boolean => value === true || value === UNKNOWN;

/** Whether the resource stands inside a directory of stage development. */
function isForDevelopment(resource: Resource, byUrn: ReadonlyMap<string, Resource>): boolean {
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  if (parent === undefined) return false;
  if (parent.type === DIRECTORY) return parent.props["stage"] === "development";
  return isForDevelopment(parent, byUrn);
}
