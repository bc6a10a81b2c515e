import { button, byId, el, reconcile } from "./dom.js";
import { entryKey, entryRow } from "./entries.js";
import { openGroup } from "./group.js";
import { createLatest } from "./latest.js";
import { openPerson } from "./person.js";
import { isId, place } from "./route.js";
import { textOf } from "./server.js";

const STEP = 100;
const MOST = 1000;

/** Opens the subject's dialog. @param {{type: string, id: string}} subject */
async function open({ type, id }) {
  if (type === "person") await openPerson({ id });
  else await openGroup({ id });
}

/** The view of everything that happened to one person or group. */
export function createStory() {
  const name = el("h2", { id: "story-title", tabindex: "-1" });
  const state = el("p", { class: "quiet" });
  const change = button("Change…", () => {
    const { subject } = place();
    if (subject !== undefined) void open(subject);
  });
  const rows = el("ul", { class: "rows", "aria-label": "What happened, oldest first" });
  const problem = el("div", { role: "alert" });
  const where = el("span", {});
  const earlier = /** @type {HTMLButtonElement} */ (
    button("Show earlier", () => {
      count = Math.min(MOST, count + STEP);
      void refresh();
    })
  );
  byId("story").append(
    el("p", {}, el("a", { href: "#live" }, "← Live")),
    el("div", { class: "line" }, name, change),
    state,
    problem,
    el("div", { class: "pager" }, where, earlier),
    rows,
  );
  let count = STEP;
  let loadedFor = "";
  const latest = createLatest();

  /** The story that was shown before is not this subject's. @param {{type: string}} subject */
  function clear({ type }) {
    loadedFor = "";
    count = STEP;
    name.textContent = type === "person" ? "Person" : "Group";
    for (const element of [state, where, problem, rows]) element.replaceChildren();
    change.hidden = true;
    earlier.hidden = true;
  }

  async function refresh() {
    const { subject } = place();
    if (subject === undefined) return;
    const own = JSON.stringify(subject);
    if (own !== loadedFor) clear(subject);
    /** @type {import("./latest.js").Read} */
    const read = async (ask) => {
      if (!isId(subject.id)) throw new Error(`There is no such ${subject.type}: the address has no id.`);
      const story = await ask("story", { ...subject, count });
      if (own !== JSON.stringify(place().subject)) return;
      name.textContent = story.name;
      state.textContent = story.state;
      change.hidden = story.state === "no longer in Okta";
      reconcile(rows, story.items, entryKey, entryRow, { quietly: own !== loadedFor });
      const kept = story.isCut ? "; older exchanges are no longer kept" : "";
      where.textContent = `${story.items.length} of ${story.total.toLocaleString("en")}, oldest first${kept}`;
      earlier.hidden = story.items.length === story.total || count === MOST;
      problem.replaceChildren();
      if (own !== loadedFor) name.focus();
      loadedFor = own;
    };
    try {
      await latest(read);
    } catch (error) {
      if (own !== JSON.stringify(place().subject)) return;
      problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    }
  }
  return { refresh };
}
