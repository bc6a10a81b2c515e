import { refused } from "../org/errors.ts";
import { timestamp } from "../org/ids.ts";
import type { Rule } from "../org/model.ts";
import { needRule, type Store } from "../org/store.ts";
import { noContent, ok, type Call, type Reply, type Route } from "./http.ts";
import { page } from "./paging.ts";
import { newRule, renderRule, replaceRule } from "./ruleDocument.ts";

const PATH = "/api/v1/groups/rules";

/** Without `removeUsers`, the users that the rule added stay, as if they had been added by hand. */
export function removeRule(store: Store, rule: Rule, removeUsers: boolean): void {
  store.rules.delete(rule.id);
  for (const group of store.groups.values()) {
    for (const [userId, membership] of group.members) {
      if (!membership.rules.delete(rule.id)) continue;
      if (!removeUsers) membership.manual = true;
      else if (!membership.manual && membership.rules.size === 0) group.members.delete(userId);
    }
  }
}

/** @throws ApiError for an INVALID rule */
export function setRuleStatus(rule: Rule, status: "ACTIVE" | "INACTIVE"): void {
  if (rule.status === "INVALID")
    throw refused(400, "E0000001", "Cannot activate or deactivate a Group Rule with the status INVALID");
  rule.status = status;
  rule.lastUpdated = timestamp();
}

/** "Policy priorities are being reconciled": a real org gives this answer if rules change at the same time. */
function createLock({ quirks }: Store): (kind: "change" | "lifecycle") => void {
  const counts = { change: 0, lifecycle: 0 };
  const isNth = (count: number, every: number): boolean => every > 0 && count % every === 0;
  return (kind) => {
    counts.change += 1;
    if (kind === "lifecycle") counts.lifecycle += 1;
    const isLocked =
      isNth(counts.change, quirks.rulesLockedEvery) ||
      (kind === "lifecycle" && isNth(counts.lifecycle, quirks.ruleLifecycleLockedEvery));
    if (isLocked) throw refused(423, "E0000239", "Policy priorities are being reconciled. Please try again later.");
  };
}

export function ruleRoutes(store: Store): Route[] {
  const lock = createLock(store);
  const rule = (call: Call): Rule => needRule(store, call.params[0] ?? "");
  const render = (call: Call, one: Rule): unknown =>
    renderRule(store, one, call.query.get("expand") === "groupIdToGroupNameMap");
  const log = (event: string, text: string, { id, name }: Rule): void => {
    store.log.add(event, text, [{ id, type: "Rule", displayName: name }]);
    store.changed();
  };
  const lifecycle =
    (status: "ACTIVE" | "INACTIVE", event: string, text: string) =>
    (call: Call): Reply => {
      lock("lifecycle");
      setRuleStatus(rule(call), status);
      log(event, text, rule(call));
      return noContent;
    };
  return [
    {
      path: `GET ${PATH}`,
      handle: (call) => {
        const search = call.query.get("search")?.toLowerCase() ?? "";
        const rules = [...store.rules.values()].filter(({ name }) => name.toLowerCase().includes(search));
        return page(call, rules, { fallback: 50, most: 200 }, (one) => render(call, one));
      },
    },
    {
      path: `POST ${PATH}`,
      handle: (call) => {
        lock("change");
        const made = newRule(store, call.body);
        store.rules.set(made.id, made);
        log("group.rule.create", "Create group rule", made);
        return ok(render(call, made));
      },
    },
    { path: `GET ${PATH}/{id}`, handle: (call) => ok(render(call, rule(call))) },
    {
      path: `PUT ${PATH}/{id}`,
      handle: (call) => {
        lock("change");
        replaceRule(store, rule(call), call.body);
        log("group.rule.update", "Update group rule", rule(call));
        return ok(render(call, rule(call)));
      },
    },
    {
      path: `DELETE ${PATH}/{id}`,
      handle: (call) => {
        lock("change");
        const found = rule(call);
        removeRule(store, found, call.query.get("removeUsers") === "true");
        log("group.rule.delete", "Delete group rule", found);
        return { status: 202, body: {} };
      },
    },
    {
      path: `POST ${PATH}/{id}/lifecycle/activate`,
      handle: lifecycle("ACTIVE", "group.rule.activate", "Activate group rule"),
    },
    {
      path: `POST ${PATH}/{id}/lifecycle/deactivate`,
      handle: lifecycle("INACTIVE", "group.rule.deactivate", "Deactivate group rule"),
    },
  ];
}
