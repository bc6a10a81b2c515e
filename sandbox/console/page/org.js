import { button, byId, el, tag } from "./dom.js";
import { openGroup } from "./group.js";
import { createList, createTabs } from "./list.js";
import { hire, openPerson } from "./person.js";
import { act, get } from "./server.js";

const COUNT = 12;

/** @param {string} path */
const loader =
  (path) =>
  async (/** @type {{search: string, page: string}} */ { search, page }) => {
    const found = await get(path, { search, start: page === "" ? 0 : page, count: COUNT });
    const { start, total, items } = found;
    return {
      ...found,
      ...(start > 0 ? { previous: String(Math.max(0, start - COUNT)) } : {}),
      ...(start + items.length < total ? { next: String(start + COUNT) } : {}),
    };
  };

/** @type {Record<string, string>} */
const KINDS = {
  ACTIVE: "good",
  provisioned: "good",
  failed: "bad",
  ERROR: "bad",
  INVALID: "bad",
  none: "",
  DEPROVISIONED: "bad",
};
/** @type {Record<string, string>} */
const ASSIGNMENTS = {
  none: "not assigned",
  held: "assigned, not created",
  waiting: "waits",
  provisioned: "provisioned",
  failed: "failed",
};

/** @param {any} person */
const personRow = (person) =>
  el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row", click: () => void openPerson(person) },
      el(
        "span",
        { class: "line" },
        el("span", {}, person.name),
        tag(ASSIGNMENTS[person.assignment] ?? "", KINDS[person.assignment] ?? "doubt"),
      ),
      el(
        "span",
        { class: "quiet" },
        [
          ...(person.status === "ACTIVE" ? [] : [person.status]),
          person.login,
          ...(person.title === "" ? [] : [person.title]),
          ...person.groups.map((/** @type {any} */ group) => group.name),
        ].join(" · "),
      ),
    ),
  );

/** @param {any} group */
const groupRow = (group) =>
  el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row", click: () => openGroup(group) },
      el(
        "span",
        { class: "line" },
        el("span", {}, group.name),
        el(
          "span",
          {},
          group.assigned && tag("assigned", "good"),
          group.push !== undefined &&
            tag(
              group.push.status === "ACTIVE" ? "pushed" : `push: ${group.push.status}`,
              KINDS[group.push.status] ?? "doubt",
            ),
        ),
      ),
      el("span", { class: "quiet" }, `${group.members} members${group.type === "BUILT_IN" ? " · built in" : ""}`),
    ),
  );

/** @param {any} rule */
const ruleRow = (rule) =>
  el(
    "li",
    { class: "row" },
    el(
      "span",
      { class: "line" },
      el("span", {}, rule.name),
      tag(rule.status.toLowerCase(), KINDS[rule.status] ?? "doubt"),
    ),
    el("span", { class: "quiet mono" }, rule.expression),
    el("span", { class: "quiet" }, `puts people in ${rule.groups.join(", ")}`),
  );

export function createOrg() {
  const byItsId = (/** @type {any} */ item) => item.id;
  const tabs = createTabs("Lists of the org", {
    People: createList({ label: "people in Okta", load: loader("org/people"), keyOf: byItsId, row: personRow }),
    Groups: createList({ label: "groups in Okta", load: loader("org/groups"), keyOf: byItsId, row: groupRow }),
    Rules: createList({ label: "group rules", load: loader("org/rules"), keyOf: byItsId, row: ruleRow }),
  });
  const count = el("p", { class: "quiet" });
  const tasks = el("div", {});
  const network = el("span", {});
  byId("org").append(
    count,
    el(
      "div",
      { class: "bar" },
      button("Hire…", () => void hire(), "primary"),
      network,
    ),
    tasks,
    tabs.buttons,
    tabs.holder,
  );
  return {
    refresh: tabs.refresh,
    /** @param {any} tenant */
    show: (tenant) => {
      const { app } = tenant;
      count.textContent =
        app === undefined ? "no app" : `${app.label}: ${app.assigned} assigned, ${app.provisioned} provisioned`;
      const label = tenant.networkUp ? "Break the network" : "Restore the network";
      if (network.textContent !== label) {
        const action = tenant.networkUp ? { action: "breakNetwork", seconds: 30 } : { action: "restoreNetwork" };
        const own = button(label, () => void act(action));
        if (tenant.networkUp) own.title = "for 30 seconds";
        network.replaceChildren(own);
      }
      tasks.replaceChildren(
        ...(tenant.tasks.length === 0 ? [] : [el("h3", {}, `Tasks (${tenant.tasks.length})`)]),
        ...tenant.tasks.slice(0, 10).map((/** @type {any} */ task) =>
          el(
            "div",
            { class: "notice" },
            task.message,
            " ",
            button(`Retry ${task.kind} ${task.subject}`, () => void act({ action: "retryTask", task: task.id })),
          ),
        ),
      );
    },
  };
}
