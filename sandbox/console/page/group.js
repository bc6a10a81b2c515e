import { button, el, form, openDialog } from "./dom.js";
import { act } from "./server.js";

/** @param {any} group */
export function openGroup(group) {
  const { push } = group;
  const dialog = openDialog(
    group.name,
    el("p", {}, `${group.members} members in Okta${group.assigned ? "; assigned to the app" : ""}`),
    push !== undefined && el("h3", {}, "Push"),
    push !== undefined &&
      el("p", {}, `Pushed as “${push.target}”: ${push.status}. Last push: ${push.lastPush ?? "not yet"}`),
    push?.errorSummary !== undefined && el("p", { class: "notice" }, push.errorSummary),
    push !== undefined &&
      el(
        "div",
        { class: "bar" },
        button("Push now", () => void act({ action: "pushNow", mapping: push.id }, dialog), "primary"),
        button(
          "Unlink and leave the group",
          () => void act({ action: "unlinkGroup", mapping: push.id, deleteTargetGroup: false }, dialog),
        ),
        button(
          "Unlink and delete the group",
          () => void act({ action: "unlinkGroup", mapping: push.id, deleteTargetGroup: true }, dialog),
          "danger",
        ),
      ),
    group.type === "OKTA_GROUP" && el("h3", {}, "Group in Okta"),
    group.type === "OKTA_GROUP" &&
      form(
        [{ name: "name", label: "Name", value: group.name, required: true }],
        "Rename",
        (values) => void act({ action: "renameGroup", group: group.id, ...values }, dialog),
      ),
    group.type === "OKTA_GROUP" &&
      el(
        "div",
        { class: "bar" },
        button("Delete in Okta", () => void act({ action: "deleteGroup", group: group.id }, dialog), "danger"),
      ),
  );
}
