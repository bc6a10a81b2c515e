import { el, openDialog } from "./dom.js";
import { once } from "./once.js";
import { act, get } from "./server.js";

/** The same choice as in the Admin Console. @param {any} group @param {{close: () => void}} [from] the dialog that it replaces */
export async function unlink(group, from) {
  const { push } = group;
  const { rules } = await get("org/push");
  const finding = rules.filter((/** @type {any} */ { groupIds }) => groupIds.includes(group.id));
  /** @param {string} value @param {string} label @param {boolean} checked */
  const choice = (value, label, checked) =>
    el(
      "label",
      { class: "choice" },
      el("input", { type: "radio", name: "target", value, checked, autofocus: checked }),
      el("span", {}, label),
    );
  /** @param {Event} event */
  const send = (event) => {
    const target = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("target");
    from?.close();
    return act({ action: "unlinkGroup", mapping: push.id, deleteTargetGroup: target === "delete" }, dialog);
  };
  const dialog = openDialog(
    `Unlink ${group.name}`,
    el(
      "form",
      { submit: once(send) },
      el("p", {}, `Okta no longer pushes “${push.target}”. Nobody’s account is deleted.`),
      ...finding.map((/** @type {any} */ { name }) =>
        el(
          "p",
          {},
          `The push rule ${name} matches the group. Okta does not document whether the rule pushes it again; here it does not.`,
        ),
      ),
      el(
        "fieldset",
        {},
        el("legend", {}, "The group in the directory"),
        choice("delete", "Delete the group in the target app (recommended)", true),
        choice("leave", "Leave the group in the target app", false),
      ),
      el("div", { class: "bar end" }, el("button", { type: "submit", class: "danger solid" }, "Unlink")),
    ),
  );
}
