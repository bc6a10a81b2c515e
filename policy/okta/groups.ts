import { at, list } from "../model/resource.ts";
import type { StackRule } from "../model/rule.ts";

export const assignedOrPushed: StackRule = {
  name: "assigned-or-pushed",
  description: "No group is both assigned to an app and pushed to it, which Okta advises against.",
  check: (resources) => {
    const assigned = new Set(
      resources.flatMap(({ type, props }) => {
        if (type === "okta:app/groupAssignment:GroupAssignment") return pairs(props["appId"], props["groupId"]);
        if (type !== "okta:index/appGroupAssignments:AppGroupAssignments") return [];
        return list(props["groups"]).flatMap((group) => pairs(props["appId"], at(group, "id")));
      }),
    );
    return resources
      .filter(({ type }) => type === "okta:index/pushGroup:PushGroup")
      .filter(({ props }) => pairs(props["appId"], props["sourceGroupId"]).some((pair) => assigned.has(pair)))
      .map(({ urn }) => ({ urn, message: "its group is also assigned to the app; push other groups" }));
  },
};

/** App and group as one key, if both are known. */
const pairs = (app: unknown, group: unknown): readonly string[] =>
  typeof app === "string" && typeof group === "string" ? [`${app} ${group}`] : [];
