import { announce, button, byId, el, named } from "./dom.js";
import { createList } from "./list.js";
import { hire, personRow } from "./person.js";
import { createGroups, createPushGroups, createRules } from "./pushGroups.js";
import { act } from "./server.js";
import { createTabs } from "./tabs.js";

/** @param {any} task */
const taskNotice = (task) =>
  el(
    "div",
    { class: "notice" },
    el("p", {}, task.message),
    named(
      button("Retry", () => {
        announce("Okta tries again…");
        return act({ action: "retryTask", task: task.id });
      }),
      `Retry ${task.kind} ${task.subject}`,
    ),
  );

export function createOrg() {
  const tabs = createTabs("org", "Lists of the org", {
    People: createList({ label: "people in Okta", path: "org/people", row: personRow }),
    Groups: createGroups(),
    "Push Groups": createPushGroups(),
    Rules: createRules(),
  });
  const count = el("p", { class: "quiet" });
  const tasks = el("div", {});
  const network = el("span", { class: "aside" });
  byId("org").append(
    count,
    el(
      "div",
      { class: "bar" },
      button("Hire…", () => hire(), "primary"),
      network,
    ),
    ...[tasks, tabs.element],
  );
  let shownTasks = "";
  return {
    refresh: tabs.refresh,
    follow: tabs.follow,
    /** @param {any} tenant */
    show: (tenant) => {
      const { app } = tenant;
      const many = (/** @type {number} */ people) => people.toLocaleString("en");
      count.textContent =
        app === undefined
          ? "no app"
          : `${app.label}: ${many(app.assigned)} assigned, ${many(app.provisioned)} provisioned`;
      const label = tenant.networkUp ? "Break the network" : "Restore the network";
      if (network.textContent !== label) {
        const action = tenant.networkUp ? { action: "breakNetwork", seconds: 30 } : { action: "restoreNetwork" };
        const own = button(label, () => act(action), tenant.networkUp ? "subtle" : "");
        if (tenant.networkUp) own.title = "for 30 seconds";
        network.replaceChildren(own);
      }
      const { total, items } = tenant.tasks;
      // The button is not replaced while a person is about to press it.
      const signature = JSON.stringify(tenant.tasks);
      if (signature === shownTasks) return;
      shownTasks = signature;
      tasks.replaceChildren(
        ...(total === 0 ? [] : [el("h3", {}, `Tasks (${many(total)})`)]),
        ...items.map(taskNotice),
        ...(total > items.length ? [el("p", { class: "quiet" }, `and ${many(total - items.length)} more`)] : []),
      );
    },
  };
}
