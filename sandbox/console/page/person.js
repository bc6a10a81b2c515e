import { button, el, form, openDialog } from "./dom.js";
import { act, get } from "./server.js";

const FIELDS = [
  ["firstName", "First name"],
  ["lastName", "Last name"],
  ["displayName", "Display name"],
  ["login", "Login"],
  ["email", "Email"],
  ["title", "Title"],
  ["department", "Department"],
];

/** Groups that people can be put in. */
async function groupChoices() {
  const { items } = await get("org/groups", { count: 100 });
  return items
    .filter((/** @type {any} */ group) => group.type === "OKTA_GROUP")
    .map((/** @type {any} */ group) => ({ value: group.id, label: group.name }));
}

export async function hire() {
  const groups = await groupChoices();
  const dialog = openDialog(
    "Hire a person",
    form(
      [
        { name: "firstName", label: "First name", required: true },
        { name: "lastName", label: "Last name", required: true },
        { name: "login", label: "Login", required: true },
        { name: "title", label: "Title" },
        { name: "department", label: "Department" },
        { name: "group", label: "Group", options: [{ value: "", label: "none" }, ...groups] },
      ],
      "Hire",
      ({ group = "", ...values }) =>
        void act({ action: "hire", ...values, groupIds: group === "" ? [] : [group] }, dialog),
    ),
  );
}

/** What the status allows. @type {Record<string, readonly (readonly [step: string, label: string])[]>} */
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
export async function openPerson(person) {
  const [profile, groups] = await Promise.all([get("org/profile", { id: person.id }), groupChoices()]);
  const mine = person.groups.map((/** @type {any} */ group) => ({ value: group.id, label: group.name }));
  const others = groups.filter(
    (/** @type {any} */ group) => !mine.some((/** @type {any} */ own) => own.value === group.value),
  );
  const user = person.id;
  const fields = FIELDS.map(([name = "", label = ""]) => ({ name, label, value: profile[name] ?? "" }));
  const dialog = openDialog(
    person.name,
    person.error !== undefined && el("p", { class: "notice" }, person.error),
    el("h3", {}, "Profile"),
    form(fields, "Save profile", (values) => {
      const changed = Object.entries(values).filter(([name, value]) => value !== (profile[name] ?? ""));
      void act({ action: "changeProfile", user, values: Object.fromEntries(changed) }, dialog);
    }),
    el("h3", {}, "Groups"),
    mine.length > 0 &&
      others.length > 0 &&
      form(
        [
          { name: "from", label: "Move from", options: mine },
          { name: "to", label: "Move to", options: others },
        ],
        "Move",
        (values) => void act({ action: "moveBetweenGroups", user, ...values }, dialog),
      ),
    others.length > 0 &&
      form(
        [{ name: "group", label: "Add to", options: others }],
        "Add",
        (values) => void act({ action: "addToGroup", user, ...values }, dialog),
      ),
    mine.length > 0 &&
      form(
        [{ name: "group", label: "Remove from", options: mine }],
        "Remove",
        (values) => void act({ action: "removeFromGroup", user, ...values }, dialog),
      ),
    el("h3", {}, "Lifecycle"),
    el(
      "div",
      { class: "bar" },
      ...(STEPS[person.status] ?? []).map(([step, label]) =>
        button(
          label,
          () => void act({ action: "setLifecycle", user, step }, dialog),
          step === "deactivate" ? "danger" : "",
        ),
      ),
      person.assignment !== "none" &&
        button("Provision User", () => void act({ action: "provisionUser", user }, dialog)),
      button("Delete", () => void act({ action: "deleteUser", user }, dialog), "danger"),
    ),
  );
}
