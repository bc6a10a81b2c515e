import { invalid } from "../org/errors.ts";
import { newId } from "../org/ids.ts";
import type { App, Group, PushRule } from "../org/model.ts";
import type { Store } from "../org/store.ts";
import { createMapping } from "./pushMappings.ts";

/** Groups that one rule pushes at most (help.okta.com, "Enable Group Push"). */
const MOST_GROUPS = 100;

/** "Find groups by rule". The public API does not offer it. Whether Okta regards case is not on record [?]. */
export function addPushRule(store: Store, app: App, wanted: Omit<PushRule, "id" | "unlinked">): PushRule {
  for (const { name } of app.pushRules.values())
    if (name === wanted.name) throw invalid("name", "name: Another push rule of this app has the name");
  const rule: PushRule = { id: newId("gPr"), ...wanted, unlinked: new Set() };
  app.pushRules.set(rule.id, rule);
  store.changed();
  return rule;
}

/** Whether a push rule finds a group. */
export function matchesPushRule({ match, text }: PushRule, { type, profile }: Group): boolean {
  if (type !== "OKTA_GROUP") return false;
  const [name, wanted] = [profile.name.toLowerCase(), text.toLowerCase()];
  return match === "startsWith" ? name.startsWith(wanted) : name.includes(wanted);
}

/** Pushes the groups that the app's rules find now. A group that was unlinked by hand stays unlinked [?]. */
export function applyPushRules(store: Store, app: App): void {
  const pushed = new Set([...app.pushes.values()].map(({ sourceGroupId }) => sourceGroupId));
  for (const rule of app.pushRules.values()) {
    const found = [...store.groups.values()].filter((group) => matchesPushRule(rule, group)).slice(0, MOST_GROUPS);
    for (const { id, profile } of found) {
      if (pushed.has(id) || rule.unlinked.has(id)) continue;
      pushed.add(id);
      createMapping(store, app, { sourceGroupId: id, targetGroupName: profile.name, status: "ACTIVE" });
    }
  }
}
