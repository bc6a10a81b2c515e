import { button, el, nameText, openDialog, tag } from "./dom.js";
import { form } from "./form.js";
import { once } from "./once.js";
import { storyAddress } from "./route.js";
import { act, actIfSure, get } from "./server.js";

/** The tag of a person, by the state of the assignment to the app. @type {Record<string, readonly [string, string]>} */
const ASSIGNMENTS = {
  none: ["not assigned", ""],
  held: ["assigned, not created", "doubt"],
  waiting: ["waits", "doubt"],
  provisioned: ["provisioned", "good"],
  failed: ["failed", "bad"],
};

/** The groups that a line names. */
const MOST_NAMES = 10;

/** @param {readonly {name: string}[]} groups */
const groupNames = (groups) => [
  ...groups.slice(0, MOST_NAMES).map(({ name }) => name),
  ...(groups.length > MOST_NAMES ? [`${(groups.length - MOST_NAMES).toLocaleString("en")} more`] : []),
];

/** A person in three lines. @param {any} person */
export function personLine(person) {
  const [label, kind] = ASSIGNMENTS[person.assignment] ?? [person.assignment, ""];
  return [
    el("span", { class: "line" }, nameText(person.name), tag(label, kind)),
    el(
      "span",
      { class: "quiet" },
      [...(person.status === "ACTIVE" ? [] : [person.status.toLowerCase()]), person.login].join(" · "),
    ),
    el(
      "span",
      { class: "quiet clip" },
      [...(person.title === "" ? [] : [person.title]), ...groupNames(person.groups)].join(" · "),
    ),
  ];
}

/** @param {any} person */
export const personRow = (person) =>
  el(
    "li",
    {},
    el("button", { type: "button", class: "row", click: once(() => openPerson(person)) }, ...personLine(person)),
  );

const FIELDS = [
  ["firstName", "First name"],
  ["lastName", "Last name"],
  ["displayName", "Display name"],
  ["login", "Login"],
  ["email", "Email"],
  ["title", "Title"],
  ["department", "Department"],
];

/** The choices that one menu offers; a text narrows down more of them. */
const MOST_CHOICES = 100;

/**
 * The choices of a menu; `find` is set if there are more than one menu offers.
 * @param {readonly import("./form.js").Option[]} all
 */
function narrowed(all) {
  const options = all.slice(0, MOST_CHOICES);
  /** @type {import("./form.js").Find<import("./form.js").Option>} */
  const find = async (text) =>
    all.filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase())).slice(0, MOST_CHOICES);
  return { options, ...(options.length < all.length ? { find } : {}) };
}

/** The groups that a person can be put in; `find` is set if there are more than one list shows. */
export async function groupChoices() {
  const read = async (/** @type {string} */ search, /** @type {import("./latest.js").Ask} */ ask) => {
    const { total, items } = await ask("org/groups", { search, count: MOST_CHOICES });
    const options = items
      .filter((/** @type {any} */ group) => group.type === "OKTA_GROUP")
      .map((/** @type {any} */ group) => ({ value: group.id, label: group.name }));
    return { isWhole: total <= items.length, options };
  };
  const { isWhole, options } = await read("", get);
  /** @type {import("./form.js").Find<import("./form.js").Option>} */
  const find = async (text, ask) => (await read(text, ask)).options;
  return { options, ...(isWhole ? {} : { find }) };
}

export async function hire() {
  const groups = await groupChoices();
  const dialog = openDialog(
    "Hire a person",
    form(
      [
        { name: "firstName", label: "First name", required: true, focus: true },
        { name: "lastName", label: "Last name", required: true },
        { name: "login", label: "Login (an email address)", required: true, covers: "email" },
        { name: "title", label: "Title" },
        { name: "department", label: "Department" },
        { name: "group", label: "Group", ...groups, options: [{ value: "", label: "none" }, ...groups.options] },
      ],
      "Hire",
      ({ group = "", ...values }) => act({ action: "hire", ...values, groupIds: group === "" ? [] : [group] }, dialog),
    ),
  );
}

/** The steps that each status allows. @type {Record<string, readonly (readonly [step: string, label: string])[]>} */
const STEPS = {
  STAGED: [
    ["activate", "Activate"],
    ["deactivate", "Deactivate"],
  ],
  PROVISIONED: [["deactivate", "Deactivate"]],
  ACTIVE: [
    ["suspend", "Suspend"],
    ["deactivate", "Deactivate"],
  ],
  SUSPENDED: [
    ["unsuspend", "Unsuspend"],
    ["deactivate", "Deactivate"],
  ],
  DEPROVISIONED: [["activate", "Activate"]],
};

/** @param {any} person */
const personHead = ({ id, login, status }) =>
  el(
    "p",
    { class: "quiet" },
    `${login} · ${status.toLowerCase()} · `,
    el("a", { href: storyAddress({ type: "person", id }) }, "What happened"),
  );

/** @param {any} person */
const questionsOf = ({ name }) => ({
  deactivation: {
    title: `Deactivate ${name}?`,
    text: "They lose every app. Okta sets the record in the directory to inactive and keeps it.",
    verb: "Deactivate",
  },
  deletion: {
    title: `Delete ${name}?`,
    text: "They are deleted from Okta for good, with every group membership. The inactive record in the directory stays.",
    verb: "Delete",
  },
});

/** Opens a person as they are now; a row of a list may be older. @param {{id: string}} listed */
export async function openPerson({ id }) {
  const [person, profile, groups] = await Promise.all([
    get("org/person", { id }),
    get("org/profile", { id }),
    groupChoices(),
  ]);
  const mine = person.groups.map((/** @type {any} */ group) => ({ value: group.id, label: group.name }));
  const options = groups.options.filter(
    (/** @type {any} */ group) => !mine.some((/** @type {any} */ own) => own.value === group.value),
  );
  const own = narrowed(mine);
  const others = { ...groups, options };
  const user = id;
  const fields = FIELDS.map(([name = "", label = ""]) => ({ name, label, value: profile[name] ?? "" }));
  const { deactivation, deletion } = questionsOf(person);
  const dialog = openDialog(
    person.name,
    personHead(person),
    person.error !== undefined && el("p", { class: "notice" }, person.error),
    el("h3", {}, "Profile"),
    form(fields, "Save profile", (values) => {
      const changed = Object.entries(values).filter(([name, value]) => value !== (profile[name] ?? ""));
      return act({ action: "changeProfile", user, values: Object.fromEntries(changed) }, dialog);
    }),
    el("h3", {}, "Groups"),
    mine.length > 0 &&
      options.length > 0 &&
      form(
        [
          { name: "from", label: "Move from", ...own },
          { name: "to", label: "Move to", ...others },
        ],
        "Move",
        (values) => act({ action: "moveBetweenGroups", user, ...values }, dialog),
        "inline",
      ),
    options.length > 0 &&
      form(
        [{ name: "group", label: "Add to", ...others }],
        "Add",
        (values) => act({ action: "addToGroup", user, ...values }, dialog),
        "inline",
      ),
    mine.length > 0 &&
      form(
        [{ name: "group", label: "Remove from", ...own }],
        "Remove",
        (values) => act({ action: "removeFromGroup", user, ...values }, dialog),
        "inline",
      ),
    el("h3", {}, "Lifecycle"),
    el(
      "div",
      { class: "bar" },
      ...(STEPS[person.status] ?? []).map(([step, label]) => {
        const action = { action: "setLifecycle", user, step };
        if (step !== "deactivate") return button(label, () => act(action, dialog));
        return button(`${label}…`, () => actIfSure(deactivation, action, dialog), "danger");
      }),
      person.assignment !== "none" && button("Provision User", () => act({ action: "provisionUser", user }, dialog)),
      person.status === "DEPROVISIONED" &&
        button("Delete…", () => actIfSure(deletion, { action: "deleteUser", user }, dialog), "danger"),
    ),
  );
}
