/**
 * The place that the address names: `#stack` is a view, `#/person/ID` and `#/group/ID` are stories, and
 * `#exchanges?kind=failed&search=ada` is the live view with its exchanges filtered. Any other address is `missing`.
 * @typedef {{view: string, subject?: {type: string, id: string}, filter: {kind: string, search: string}}} Place
 */

const VIEWS = ["live", "article", "stack"];
/** The parts of the live view. */
const PARTS = ["org", "exchanges", "directory"];

/** Whether the text can be the id of a person or a group. @param {string} id */
export const isId = (id) => /^[A-Za-z0-9]{1,100}$/.test(id);

/** @param {string} [home] the view without an address @returns {Place} */
export function place(home = "live") {
  const [path = "", query = ""] = location.hash.slice(1).split("?");
  const parameters = new URLSearchParams(query);
  const filter = { kind: parameters.get("kind") ?? "all", search: parameters.get("search") ?? "" };
  const [, type, id] = /^\/(person|group)\/(.*)$/.exec(path) ?? [];
  if (type !== undefined && id !== undefined) return { view: "story", subject: { type, id }, filter };
  if (path === "") return { view: home, filter };
  if (PARTS.includes(path)) return { view: "live", filter };
  return { view: VIEWS.includes(path) ? path : "missing", filter };
}

/** The address of a story. @param {{type: string, id: string}} subject */
export const storyAddress = ({ type, id }) => `#/${type}/${id}`;

/**
 * Writes the filter of the exchanges into the address.
 * @param {{kind: string, search: string}} filter
 * @param {boolean} isStep whether the back button returns to the filter before
 */
export function rememberFilter({ kind, search }, isStep) {
  const parameters = new URLSearchParams();
  if (kind !== "all") parameters.set("kind", kind);
  if (search !== "") parameters.set("search", search);
  const query = String(parameters);
  const address = query === "" ? "#exchanges" : `#exchanges?${query}`;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
