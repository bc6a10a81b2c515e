import { bounded } from "./bounded.js";
import { button, el, nameText, openDialog, tag } from "./dom.js";
import { createDrift, driftLine, driftTag } from "./drift.js";
import { form } from "./form.js";
import { groupRow } from "./group.js";
import { createList } from "./list.js";
import { once } from "./once.js";
import { groupChoices } from "./person.js";
import { createPushRules } from "./pushRules.js";
import { act, actIfSure, get } from "./server.js";

/** "Find groups by name" */
async function findByName() {
  const { names, unsupported } = await pushable();
  /** @type {import("./form.js").Find<string>} */
  const suggest = async (text, ask) => (await pushable(text, ask)).names;
  const dialog = openDialog(
    "Push a group by name",
    names.length === 0 && el("p", {}, "Every group that Okta can push is pushed already."),
    form([{ name: "name", label: "Group", required: true, focus: true, suggest }], "Push", (values) =>
      act({ action: "linkGroup", ...values }, dialog),
    ),
    ...bounded(unsupported).shown.map(({ reason }) => el("p", { class: "quiet" }, reason)),
  );
}

/**
 * The groups that can be pushed, and those that cannot, with the reasons.
 * @param {string} [search]
 * @param {import("./latest.js").Ask} [ask]
 * @returns {Promise<{names: readonly string[], unsupported: readonly {name: string, reason: string}[]}>}
 */
const pushable = (search = "", ask = get) => ask("org/pushable", { search: search.slice(0, 200), count: 20 });

/** "Find groups by rule" */
async function findByRule() {
  const { unsupported } = await pushable();
  const warning = el("div", { role: "status" });
  const match = [
    { value: "startsWith", label: "starts with" },
    { value: "contains", label: "contains" },
  ];
  const dialog = openDialog(
    "Push groups by rule",
    el(
      "p",
      {},
      "Okta pushes each group whose name matches now or later. Okta does not document whether it pushes a group again that was unlinked by hand; here it does not.",
    ),
    form(
      [
        { name: "name", label: "Rule name", required: true, focus: true },
        { name: "match", label: "Group name", options: match },
        { name: "text", label: "Text", required: true },
      ],
      "Create rule",
      (values) => act({ action: "addPushRule", ...values }, dialog),
    ),
    warning,
  );
  const rule = warning.parentElement?.querySelector("form");
  rule?.addEventListener("input", () => {
    const values = new FormData(rule);
    const text = String(values.get("text")).trim().toLowerCase();
    const isFound = (/** @type {string} */ name) =>
      values.get("match") === "startsWith" ? name.startsWith(text) : name.includes(text);
    const found = text === "" ? [] : unsupported.filter(({ name }) => isFound(name.toLowerCase()));
    const lines = bounded(found).shown.map(({ reason }) =>
      el("p", { class: "notice" }, `${reason} Choose a text that does not match it.`),
    );
    if (warning.textContent !== lines.map(({ textContent }) => textContent).join("")) warning.replaceChildren(...lines);
  });
}

/** The Push Groups tab of the app. */
export function createPushGroups() {
  const list = createList({ label: "pushed groups", path: "org/pushedGroups", row: groupRow });
  const drift = createDrift("primary urgent");
  const rules = createPushRules();
  return {
    ...list,
    element: el(
      "div",
      {},
      el(
        "div",
        { class: "bar" },
        button("Find groups by name…", () => findByName()),
        button("Find groups by rule…", () => findByRule()),
      ),
      ...[drift.element, ...rules.elements, list.element],
    ),
    refresh: () => both(rules, list, drift),
  };
}

/** @param {{refresh: () => Promise<void>}[]} parts */
const both = async (...parts) => void (await Promise.all(parts.map(({ refresh }) => refresh())));

/** The Groups tab. */
export function createGroups() {
  const list = createList({ label: "groups in Okta", path: "org/groups", row: groupRow });
  const drift = createDrift();
  const create = () => {
    const dialog = openDialog(
      "Create a group",
      form(
        [
          { name: "name", label: "Name", required: true, focus: true },
          { name: "description", label: "Description" },
        ],
        "Create",
        (values) => act({ action: "createGroup", ...values }, dialog),
      ),
    );
  };
  return {
    ...list,
    element: el("div", {}, el("div", { class: "bar" }, button("Create a group…", create)), drift.element, list.element),
    refresh: () => both(list, drift),
  };
}

async function addRule() {
  const groups = await groupChoices();
  const dialog = openDialog(
    "Add a group rule",
    el("p", {}, 'For example: user.department == "Sales", or isMemberOfGroupName("Finance").'),
    form(
      [
        { name: "name", label: "Rule name", required: true, focus: true },
        { name: "expression", label: "If (Okta expression)", required: true },
        { name: "group", label: "Then put people in", required: true, ...groups },
      ],
      "Add and activate",
      (values) => act({ action: "addRule", ...values }, dialog),
    ),
  );
}

/** Opens a rule as it is now; a row of a list may be older. @param {{id: string}} listed */
async function openRule({ id }) {
  const rule = await get("org/rule", { id });
  /** @param {string} label @param {string} text @param {boolean} removeUsers */
  const removal = (label, text, removeUsers) =>
    button(
      label,
      () =>
        actIfSure(
          { title: `Remove ${rule.name}?`, text, verb: "Remove rule" },
          { action: "removeRule", rule: rule.id, removeUsers },
          dialog,
        ),
      "danger",
    );
  const isActive = rule.status === "ACTIVE";
  const switching = isActive ? ["Deactivate", "INACTIVE"] : ["Activate", "ACTIVE"];
  const [verb = "", status = ""] = switching;
  const dialog = openDialog(
    rule.name,
    el("p", { class: "mono" }, rule.expression),
    el("p", {}, `Puts people in ${rule.groups.join(", ")}.`),
    rule.drift !== undefined && el("p", {}, driftLine(rule)),
    isActive && el("p", { class: "quiet" }, "Okta changes only a rule that is not active: deactivate it first."),
    rule.status === "INACTIVE" &&
      form(
        [
          { name: "name", label: "Rule name", value: rule.name, required: true },
          { name: "expression", label: "If (Okta expression)", value: rule.expression, required: true },
        ],
        "Save",
        (values) => act({ action: "changeRule", rule: rule.id, ...values }, dialog),
      ),
    el(
      "div",
      { class: "bar" },
      rule.status !== "INVALID" && button(verb, () => act({ action: "setRuleStatus", rule: rule.id, status }, dialog)),
      removal("Remove, people stay…", "The people that the rule added stay in the group.", false),
      removal("Remove with people…", "People that only this rule added leave the group, and may lose the app.", true),
    ),
  );
}

/** @param {any} rule */
const ruleRow = (rule) =>
  el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row", click: once(() => openRule(rule)) },
      el(
        "span",
        { class: "line" },
        nameText(rule.name),
        el(
          "span",
          { class: "tags" },
          driftTag(rule),
          !rule.isOwn && rule.drift === undefined && tag("not of this stack"),
          tag(
            rule.status.toLowerCase(),
            rule.status === "ACTIVE" ? "good" : rule.status === "INVALID" ? "bad" : "doubt",
          ),
        ),
      ),
      el("span", { class: "quiet mono" }, rule.expression),
      el("span", { class: "quiet" }, `puts people in ${rule.groups.join(", ")}`),
      driftLine(rule),
    ),
  );

/** The Rules tab. */
export function createRules() {
  const list = createList({ label: "group rules", path: "org/rules", row: ruleRow });
  const drift = createDrift();
  return {
    ...list,
    element: el(
      "div",
      {},
      el(
        "div",
        { class: "bar" },
        button("Add a rule…", () => addRule()),
      ),
      drift.element,
      list.element,
    ),
    refresh: () => both(list, drift),
  };
}
