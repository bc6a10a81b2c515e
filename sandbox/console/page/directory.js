import { byId, el, nameText, openDialog, tag } from "./dom.js";
import { createList } from "./list.js";
import { once } from "./once.js";
import { get } from "./server.js";
import { createTabs } from "./tabs.js";

/** @param {"Users" | "Groups"} type @param {any} item @param {string} title */
async function openResource(type, item, title) {
  const resource = await get("directory/resource", { type, id: item.id });
  const members = createList({
    label: `members of ${title}`,
    path: "directory/users",
    more: { group: item.id },
    row: (one) => userRow(one, false),
  });
  openDialog(
    title,
    type === "Groups" && el("h3", {}, "Members"),
    type === "Groups" && members.element,
    el("h3", {}, `GET /${type}/${item.id}`),
    el("pre", { tabindex: "0" }, JSON.stringify(resource, null, 2)),
  );
  if (type === "Groups") await members.refresh();
}

/** @param {any} user @param {boolean} opens */
function userRow(user, opens) {
  const content = [
    el(
      "span",
      { class: "line" },
      nameText(user.displayName ?? user.userName),
      user.active ? tag("active", "good") : tag("inactive", "bad"),
    ),
    el("span", { class: "quiet" }, user.userName),
    user.title !== undefined && el("span", { class: "quiet" }, user.title),
  ];
  if (!opens) return el("li", { class: "row" }, ...content);
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "row",
        click: once(() => openResource("Users", user, user.displayName ?? user.userName)),
      },
      ...content,
    ),
  );
}

/** @param {any} group */
const groupRow = (group) =>
  el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row", click: once(() => openResource("Groups", group, group.displayName)) },
      el(
        "span",
        { class: "line" },
        nameText(group.displayName),
        tag(`${group.members.toLocaleString("en")} ${group.members === 1 ? "member" : "members"}`),
      ),
    ),
  );

export function createDirectory() {
  const tabs = createTabs("directory", "Lists of the directory", {
    Users: createList({
      label: "users in the directory",
      path: "directory/users",
      row: (user) => userRow(user, true),
    }),
    Groups: createList({ label: "groups in the directory", path: "directory/groups", row: groupRow }),
  });
  byId("directory").append(el("p", { class: "quiet" }, "Read through SCIM, as any client would."), tabs.element);
  return { refresh: tabs.refresh, follow: tabs.follow };
}
