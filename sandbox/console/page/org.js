import { announce, button, byId, el, tag } from "./dom.js";
import { groupRow } from "./group.js";
import { createList, createTabs } from "./list.js";
import { hire, personRow } from "./person.js";
import { act } from "./server.js";

/** @param {any} rule */
const ruleRow = (rule) =>
  el(
    "li",
    { class: "row" },
    el(
      "span",
      { class: "line" },
      el("span", { class: "name" }, rule.name),
      tag(rule.status.toLowerCase(), rule.status === "ACTIVE" ? "good" : rule.status === "INVALID" ? "bad" : "doubt"),
    ),
    el("span", { class: "quiet mono" }, rule.expression),
    el("span", { class: "quiet" }, `puts people in ${rule.groups.join(", ")}`),
  );

/** @param {any} task */
const taskNotice = (task) =>
  el(
    "div",
    { class: "notice" },
    el("p", {}, task.message),
    button(`Retry ${task.kind} ${task.subject}`, () => {
      announce("Okta tries again…");
      void act({ action: "retryTask", task: task.id });
    }),
  );

export function createOrg() {
  const tabs = createTabs("Lists of the org", {
    People: createList({ label: "people in Okta", path: "org/people", row: personRow }),
    Groups: createList({ label: "groups in Okta", path: "org/groups", row: groupRow }),
    Rules: createList({ label: "group rules", path: "org/rules", row: ruleRow }),
  });
  const count = el("p", { class: "quiet" });
  const tasks = el("div", {});
  const network = el("span", { class: "aside" });
  byId("org").append(
    count,
    el(
      "div",
      { class: "bar" },
      button("Hire…", () => void hire(), "primary"),
      network,
    ),
    tasks,
    tabs.element,
  );
  let shownTasks = "";
  return {
    refresh: tabs.refresh,
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
        const own = button(label, () => void act(action), tenant.networkUp ? "subtle" : "");
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
