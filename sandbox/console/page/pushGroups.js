import { deploy, deployButton } from "./deployment.js";
import { button, el, form, named, nameText, openDialog, reconcile, tag } from "./dom.js";
import { groupRow } from "./group.js";
import { createList } from "./list.js";
import { groupChoices } from "./person.js";
import { act, actIfSure, get } from "./server.js";

/** "Find groups by name" */
async function findByName() {
  const groups = await groupChoices();
  const dialog = openDialog(
    "Push a group by name",
    form(
      [{ name: "group", label: "Group", required: true, focus: true, ...groups }],
      "Push",
      (values) => void act({ action: "linkGroup", ...values }, dialog),
    ),
  );
}

/** "Find groups by rule" */
function findByRule() {
  const match = [
    { value: "startsWith", label: "starts with" },
    { value: "contains", label: "contains" },
  ];
  const dialog = openDialog(
    "Push groups by rule",
    el("p", {}, "Okta pushes each group whose name matches now or later."),
    form(
      [
        { name: "name", label: "Rule name", required: true, focus: true },
        { name: "match", label: "Group name", options: match },
        { name: "text", label: "Text", required: true },
      ],
      "Create rule",
      (values) => void act({ action: "addPushRule", ...values }, dialog),
    ),
  );
}

/** @param {any} rule */
const pushRuleRow = ({ id, name, match, text }) =>
  el(
    "li",
    { class: "line" },
    el("span", {}, `${name}: ${match === "startsWith" ? "starts with" : "contains"} “${text}”`),
    named(
      button("Remove rule", () => void act({ action: "removePushRule", rule: id })),
      `Remove rule ${name}`,
    ),
  );

/** A pushed group; one that the configuration does not declare can be put in it. @param {any} group */
function pushedRow(group) {
  const row = groupRow(group);
  if (!group.isDrift) return row;
  const question = {
    title: `Put ${group.name} in the configuration?`,
    text: "Okta refuses to push a group twice. So the push by hand ends, its group in the directory stays, and the deployment takes it over.",
    verb: "Declare and deploy",
    kind: /** @type {const} */ ("primary"),
  };
  row.append(
    el(
      "div",
      { class: "bar" },
      tag("drift: not in the configuration", "doubt"),
      named(
        deployButton("Declare…", () => void deploy({ action: "declarePush", mapping: group.push.id }, question)),
        `Declare ${group.name}…`,
      ),
    ),
  );
  return row;
}

/** The groups of the stack that were unlinked by hand, and the deployment that pushes them again. @param {readonly string[]} names */
export const unlinkedPart = (names) =>
  names.length === 0
    ? []
    : [
        el(
          "div",
          { class: "notice" },
          el(
            "p",
            {},
            `Drift: ${names.join(", ")} ${names.length === 1 ? "is" : "are"} in the configuration, but unlinked by hand. A refresh fails on a mapping that is gone, so the state forgets it first (pulumi state delete), then pulumi up --refresh pushes again.`,
          ),
          deployButton(
            "Forget it and deploy with refresh",
            () => void deploy({ action: "repairPushes" }),
            "primary urgent",
          ),
        ),
      ];

/** The Push Groups tab of the app. */
export function createPushGroups() {
  const list = createList({ label: "pushed groups", path: "org/pushedGroups", row: pushedRow });
  const drift = el("div", { role: "status" });
  const rules = el("ul", { class: "entries" });
  let shown = "";
  return {
    element: el(
      "div",
      {},
      el(
        "div",
        { class: "bar" },
        button("Find groups by name…", () => void findByName()),
        button("Find groups by rule…", findByRule),
      ),
      ...[drift, rules, list.element],
    ),
    refresh: async () => {
      const [found] = await Promise.all([get("org/push"), list.refresh()]);
      reconcile(rules, found.rules, (/** @type {any} */ rule) => rule.id, pushRuleRow, { quietly: true });
      if (JSON.stringify(found.unlinked) === shown) return;
      shown = JSON.stringify(found.unlinked);
      drift.replaceChildren(...unlinkedPart(found.unlinked));
    },
  };
}

/** The Groups tab. */
export function createGroups() {
  const list = createList({ label: "groups in Okta", path: "org/groups", row: groupRow });
  const create = () => {
    const dialog = openDialog(
      "Create a group",
      form(
        [
          { name: "name", label: "Name", required: true, focus: true },
          { name: "description", label: "Description" },
        ],
        "Create",
        (values) => void act({ action: "createGroup", ...values }, dialog),
      ),
    );
  };
  return {
    element: el("div", {}, el("div", { class: "bar" }, button("Create a group…", create)), list.element),
    refresh: list.refresh,
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
      (values) => void act({ action: "addRule", ...values }, dialog),
    ),
  );
}

/** @param {any} rule */
function openRule(rule) {
  /** @param {string} label @param {string} text @param {boolean} removeUsers */
  const removal = (label, text, removeUsers) =>
    button(
      label,
      () =>
        void actIfSure(
          { title: `Remove ${rule.name}?`, text, verb: "Remove rule" },
          { action: "removeRule", rule: rule.id, removeUsers },
          dialog,
        ),
      "danger",
    );
  const dialog = openDialog(
    rule.name,
    el("p", { class: "mono" }, rule.expression),
    el("p", {}, `Puts people in ${rule.groups.join(", ")}.`),
    el(
      "div",
      { class: "bar" },
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
      { type: "button", class: "row", click: () => openRule(rule) },
      el(
        "span",
        { class: "line" },
        nameText(rule.name),
        tag(rule.status.toLowerCase(), rule.status === "ACTIVE" ? "good" : rule.status === "INVALID" ? "bad" : "doubt"),
      ),
      el("span", { class: "quiet mono" }, rule.expression),
      el("span", { class: "quiet" }, `puts people in ${rule.groups.join(", ")}`),
    ),
  );

/** The Rules tab. */
export function createRules() {
  const list = createList({ label: "group rules", path: "org/rules", row: ruleRow });
  return {
    element: el(
      "div",
      {},
      el(
        "div",
        { class: "bar" },
        button("Add a rule…", () => void addRule()),
      ),
      list.element,
    ),
    refresh: list.refresh,
  };
}
