import { button, el, nameText, openDialog, tag } from "./dom.js";
import { driftLine, driftTag, unassign } from "./drift.js";
import { form } from "./form.js";
import { createList } from "./list.js";
import { once } from "./once.js";
import { personLine } from "./person.js";
import { storyAddress } from "./route.js";
import { act, actIfSure, get } from "./server.js";
import { unlink } from "./unlink.js";

const count = (/** @type {any} */ { members }) =>
  `${members.toLocaleString("en")} ${members === 1 ? "member" : "members"}`;

/** @param {any} group */
export const groupRow = (group) =>
  el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row", click: once(() => openGroup(group)) },
      el(
        "span",
        { class: "line" },
        nameText(group.name),
        el(
          "span",
          { class: "tags" },
          driftTag(group),
          group.assigned && tag("assigned", "good"),
          group.push !== undefined &&
            (group.push.status === "ACTIVE"
              ? tag("pushed", "good")
              : tag(`push: ${group.push.status.toLowerCase()}`, group.push.status === "ERROR" ? "bad" : "doubt")),
        ),
      ),
      el("span", { class: "quiet" }, `${count(group)}${group.type === "BUILT_IN" ? " · built in" : ""}`),
      driftLine(group),
    ),
  );

/** Asks with the consequences that the deletion has at this moment. @param {any} group @param {any} dialog */
async function remove(group, dialog) {
  const { members, unassigned, left, rules, readers } = await get("org/deletion", { group: group.id });
  const text = [
    `The group has ${count({ members })}; nobody’s account in Okta is deleted.`,
    unassigned > 0 &&
      `Only this group assigns ${unassigned === 1 ? "one person" : `${unassigned.toLocaleString("en")} people`} to the app: Okta deactivates ${unassigned === 1 ? "the record" : "all these records"} in the directory, and takes them out of every pushed group.`,
    left > 0 &&
      `${left === 1 ? "One person loses" : `${left.toLocaleString("en")} people lose`} the app because ${readers.length === 1 ? "the rule" : "the rules"} ${readers.join(", ")} ${readers.length === 1 ? "reads" : "read"} this group: Okta deactivates ${left === 1 ? "the record" : "all these records"} in the directory.`,
    rules.length > 0 &&
      `${rules.length === 1 ? "The rule" : "The rules"} ${rules.join(", ")} ${rules.length === 1 ? "becomes" : "become"} invalid for good.`,
    group.assigned && "A deployment with refresh makes the group and its rules again, and assigns the people again.",
    group.push !== undefined && "To delete it in the directory too, unlink it first.",
  ];
  const question = { title: `Delete ${group.name}?`, text: text.filter(Boolean).join(" "), verb: "Delete group" };
  await actIfSure(question, { action: "deleteGroup", group: group.id }, dialog);
}

/** "Deactivate group push" and "Activate group push". @param {any} push @param {() => any} dialogOf */
function pushSwitch({ id, status }, dialogOf) {
  const isOff = status === "INACTIVE";
  const action = { action: "setPushStatus", mapping: id, status: isOff ? "ACTIVE" : "INACTIVE" };
  return button(isOff ? "Activate group push" : "Deactivate group push", () => act(action, dialogOf()));
}

/** The app's Assignments tab. @param {any} group @param {() => any} dialogOf */
const assignmentSwitch = (group, dialogOf) =>
  group.assigned
    ? button("Remove assignment…", () => unassign(group.id, `The assignment of ${group.name}`, dialogOf()), "danger")
    : button("Assign to the app…", () =>
        actIfSure(
          {
            title: `Assign ${group.name} to the app?`,
            text: `Okta provisions ${count(group)} to the directory. The configuration assigns only the assignment group, so this is drift.`,
            verb: "Assign",
            kind: "primary",
          },
          { action: "assignGroup", group: group.id },
          dialogOf(),
        ),
      );

/** Opens a group as it is now; a row of a list may be older. @param {{id: string}} listed */
export async function openGroup({ id }) {
  const group = await get("org/group", { id });
  const { push } = group;
  const members = createList({
    label: `members of ${group.name} in Okta`,
    path: "org/people",
    more: { group: group.id },
    row: (person) => el("li", { class: "row" }, ...personLine(person)),
  });
  const isOwn = group.type === "OKTA_GROUP";
  const dialogOf = () => dialog;
  const dialog = openDialog(
    group.name,
    el(
      "p",
      { class: "quiet" },
      `${count(group)} in Okta${group.assigned ? " · assigned to the app" : ""} · `,
      el("a", { href: storyAddress({ type: "group", id: group.id }) }, "What happened"),
    ),
    push !== undefined && el("h3", {}, "Push"),
    push !== undefined &&
      el(
        "p",
        {},
        `Pushed as “${push.target}”: ${push.status.toLowerCase()}. ${push.lastPush === undefined ? "Not pushed yet." : `Last push: ${new Date(push.lastPush).toLocaleString("en-GB")}.`}`,
      ),
    push?.errorSummary !== undefined && el("p", { class: "notice" }, push.errorSummary),
    push !== undefined &&
      el(
        "div",
        { class: "bar" },
        push.status !== "INACTIVE" &&
          button("Push now", () => act({ action: "pushNow", mapping: push.id }, dialog), "primary"),
        pushSwitch(push, dialogOf),
        button("Unlink…", () => unlink(group, dialog)),
      ),
    el("h3", {}, "Members"),
    members.element,
    isOwn && el("h3", {}, "Group in Okta"),
    isOwn &&
      form(
        [{ name: "name", label: "Name", value: group.name, required: true }],
        "Rename",
        (values) => act({ action: "renameGroup", group: group.id, ...values }, dialog),
        "inline",
      ),
    isOwn &&
      el(
        "div",
        { class: "bar" },
        assignmentSwitch(group, dialogOf),
        button("Delete in Okta…", () => remove(group, dialog), "danger"),
      ),
  );
  void members.refresh();
}
