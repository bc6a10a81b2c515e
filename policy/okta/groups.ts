import { at, list, UNKNOWN, type Resource } from "../model/resource.ts";
import type { StackRule } from "../model/rule.ts";

export const assignedOrPushed: StackRule = {
  name: "assigned-or-pushed",
  description: "No group is both assigned to an app and pushed to it, which Okta advises against.",
  check: (resources) => {
    const assigned = assignedIn(resources);
    return pushesIn(resources)
      .filter(({ props }) => assigned.some((one) => isSame(one, pushOf(props)) === "yes"))
      .map(({ urn }) => ({ urn, message: "its group is also assigned to the app; push other groups" }));
  },
  knownAtUp: (resources) => {
    const assigned = assignedIn(resources);
    return pushesIn(resources)
      .filter(({ props }) => assigned.some((one) => isSame(one, pushOf(props)) === "unknown"))
      .map(({ name }) => `the app or group of ${name}`);
  },
};

interface Pair {
  readonly app: unknown;
  readonly group: unknown;
}

/** Groups with the apps that they are assigned to. */
const assignedIn = (resources: readonly Resource[]): readonly Pair[] =>
  resources.flatMap(({ type, props: { appId: app, groupId, groups } }): readonly Pair[] => {
    if (type === "okta:app/groupAssignment:GroupAssignment") return [{ app, group: groupId }];
    if (type !== "okta:index/appGroupAssignments:AppGroupAssignments") return [];
    return list(groups).map((group) => ({ app, group: at(group, "id") }));
  });

const pushesIn = (resources: readonly Resource[]): readonly Resource[] =>
  resources.filter(({ type }) => type === "okta:index/pushGroup:PushGroup");

const pushOf = ({ appId, sourceGroupId }: Resource["props"]): Pair => ({ app: appId, group: sourceGroupId });

/** Whether both name the same app and the same group; unknown if a value that `up` makes may make them equal. */
function isSame(one: Pair, other: Pair): "yes" | "no" | "unknown" {
  const pairs = [
    [one.app, other.app],
    [one.group, other.group],
  ] as const;
  if (pairs.some(([a, b]) => a === undefined || b === undefined || (a !== UNKNOWN && b !== UNKNOWN && a !== b)))
    return "no";
  return pairs.some(([a, b]) => a === UNKNOWN || b === UNKNOWN) ? "unknown" : "yes";
}
