/**
 * The place that the address names: `#stack` is a view, and `#/person/ID` and `#/group/ID` are stories. `#org`,
 * `#exchanges` and `#directory` are the parts of the live view, whose parameters say what each of them shows, such as
 * `#org?search=ada&org=groups&orgSearch=dev&orgPage=2`. A page of the exchanges or of a story is named by its first entry:
 * `#exchanges?from=12`. Any other address is `missing`.
 * @typedef {Record<string, string>} Values what a part shows, in the words of `PARTS`
 * @typedef {{exchanges: Values, org: Values, directory: Values}} Live
 * @typedef {{view: string, part?: string, subject?: {type: string, id: string}, from?: string, live: Live}} Place
 */

const VIEWS = ["live", "article", "stack"];
/** The parts of the live view: what a part shows → the name of its parameter. */
const PARTS = {
  exchanges: { kind: "kind", search: "search", from: "from" },
  org: { tab: "org", search: "orgSearch", page: "orgPage" },
  directory: { tab: "directory", search: "directorySearch", page: "directoryPage" },
};
/** What each part shows without a parameter. An empty tab is the first one. @type {Values} */
const DEFAULTS = { kind: "all", search: "", from: "", tab: "", page: "1" };
/** The most characters of a value. A field for searches takes as many. */
const MOST = 100;

/** Whether the text can be the id of a person or a group. @param {string} id */
export const isId = (id) => /^[A-Za-z0-9]{1,100}$/.test(id);

/** @param {string} text @returns {text is keyof Live} */
const isPart = (text) => Object.hasOwn(PARTS, text);

/** @param {URLSearchParams} parameters @returns {Live} */
function liveOf(parameters) {
  const shownBy = (/** @type {Values} */ names) =>
    Object.fromEntries(
      Object.entries(names).map(([value, name]) => {
        const given = (parameters.get(name) ?? "").slice(0, MOST);
        return [value, given === "" ? (DEFAULTS[value] ?? "") : given];
      }),
    );
  return {
    exchanges: shownBy(PARTS.exchanges),
    org: shownBy(PARTS.org),
    directory: shownBy(PARTS.directory),
  };
}

/** The address of the live view. It names only what differs from the default. @param {string} path @param {Live} live */
function liveAddress(path, live) {
  const parameters = new URLSearchParams();
  for (const part of /** @type {(keyof Live)[]} */ (Object.keys(PARTS)))
    for (const [value, name] of Object.entries(PARTS[part])) {
      const shown = live[part][value] ?? "";
      if (shown !== DEFAULTS[value]) parameters.set(name, shown);
    }
  const query = String(parameters);
  return query === "" ? `#${path}` : `#${path}?${query}`;
}

const read = () => {
  const [path = "", query = ""] = location.hash.slice(1).split("?");
  return { path, parameters: new URLSearchParams(query) };
};

/** @param {string} [home] the view without an address @returns {Place} */
export function place(home = "live") {
  const { path, parameters } = read();
  const live = liveOf(parameters);
  const [, type, id] = /^\/(person|group)\/(.*)$/.exec(path) ?? [];
  if (type !== undefined && id !== undefined)
    return { view: "story", subject: { type, id }, from: live.exchanges["from"] ?? "", live };
  if (path === "") return { view: home, live };
  if (isPart(path)) return { view: "live", part: path, live };
  return { view: VIEWS.includes(path) ? path : "missing", live };
}

/** The address of a story. @param {{type: string, id: string}} subject */
export const storyAddress = ({ type, id }) => `#/${type}/${id}`;

/** Writes the page of the story into its address. @param {string} from @param {boolean} isStep */
export function rememberPage(from, isStep) {
  const { subject } = place();
  if (subject === undefined) return;
  write(`${storyAddress(subject)}${from === "" ? "" : `?from=${encodeURIComponent(from)}`}`, isStep);
}

/** What the live view shows, also while another view is open. */
let shown = liveOf(new URLSearchParams());
/** The link of this page that was followed last, and what it leaves as it was. @type {{href: string, kept: Live} | undefined} */
let followed;

/** @param {string} address @param {boolean} [isStep] whether the back button returns to the address before */
function write(address, isStep = false) {
  if (address === (location.hash || "#")) return;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

/**
 * Writes into the address what a part of the live view shows.
 * @param {keyof Live} part
 * @param {Values} values
 * @param {boolean} isStep whether the back button returns to what it showed before
 */
export function remember(part, values, isStep) {
  shown = { ...shown, [part]: values };
  if (place().view === "live") write(liveAddress(part, shown), isStep);
}

/**
 * Corrects the address of the live view: what it does not have is left out, and what a followed link does not name
 * stays as it was.
 * @param {(asked: Live) => Live} show shows what is asked for, and returns what can be shown
 */
export function settle(show) {
  const { path } = read();
  const { part, live } = place();
  const link = followed?.href === location.hash ? followed : undefined;
  followed = undefined;
  const named = part === undefined ? {} : { [part]: live[/** @type {keyof Live} */ (part)] };
  const isBare = !location.hash.includes("?");
  shown = show(link === undefined ? live : { ...link.kept, ...(isBare ? {} : named) });
  write(liveAddress(path, shown));
}

/**
 * Notes each link of the page that leads to the live view or a part of it. Such a link changes only what it names; in
 * the live view itself, the view's own link shows everything from the start.
 */
export function keepPlaces() {
  document.addEventListener("click", ({ target, altKey, ctrlKey, metaKey, shiftKey }) => {
    const href = target instanceof Element && target.closest("a")?.getAttribute("href");
    followed = undefined;
    if (typeof href !== "string" || altKey || ctrlKey || metaKey || shiftKey) return;
    const [path = ""] = href.slice(1).split("?");
    if (isPart(path) || (path === "live" && place().view !== "live")) followed = { href, kept: shown };
  });
}
