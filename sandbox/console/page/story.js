import { button, byId, el } from "./dom.js";
import { openGroup } from "./group.js";
import { createHistory } from "./history.js";
import { createLatest } from "./latest.js";
import { openPerson } from "./person.js";
import { isId, place, rememberPage } from "./route.js";
import { textOf } from "./server.js";

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
  const problem = el("div", { role: "alert" });
  const note = el("p", { class: "quiet", hidden: true }, "Older exchanges are no longer kept.");
  /** The page that the address named last. */
  let named = "";
  const history = createHistory("this story", "What happened, oldest first", {
    turned: () => void refresh(),
    moved: (isStep) => {
      named = history.from;
      rememberPage(named, isStep);
    },
  });
  byId("story").append(
    el("p", {}, el("a", { href: "#live" }, "← Live")),
    el("div", { class: "line" }, name, change),
    state,
    problem,
    ...[note, ...history.pager.elements, history.rows],
  );
  let loadedFor = "";
  const latest = createLatest();

  /** The story that was shown before is not this subject's. @param {{type: string}} subject */
  function clear({ type }) {
    loadedFor = "";
    named = "";
    history.clear();
    name.textContent = type === "person" ? "Person" : "Group";
    for (const element of [state, problem]) element.replaceChildren();
    change.hidden = true;
    note.hidden = true;
  }

  async function refresh() {
    const { subject, from = "" } = place();
    if (subject === undefined) return;
    const own = JSON.stringify(subject);
    if (own !== loadedFor) clear(subject);
    if (from !== named) history.follow(from);
    named = from;
    /** @type {import("./latest.js").Read} */
    const read = async (ask) => {
      if (!isId(subject.id)) throw new Error(`There is no such ${subject.type}: the address has no id.`);
      const story = await ask("story", { ...subject, ...history.query() });
      if (own !== JSON.stringify(place().subject)) return;
      name.textContent = story.name;
      state.textContent = story.state;
      change.hidden = !story.isInOkta;
      history.show(story, { quietly: own !== loadedFor });
      note.hidden = !story.isCut;
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
