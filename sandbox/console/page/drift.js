import { copyButton } from "./clipboard.js";
import { deploy, deployButton } from "./deployment.js";
import { button, el, named, reconcile, tag } from "./dom.js";
import { createLatest } from "./latest.js";
import { act, actIfSure, get, textOf } from "./server.js";
import { unlink } from "./unlink.js";

/** The differences that are shown at a time. The next ones are shown once these are put right. */
const MOST = 6;

/**
 * @typedef {{subject: string, difference: string, remedy: string, way: any, marks: readonly string[]}} Drift
 * @typedef {{items: readonly Drift[], forgets: number, failed: readonly string[], commands: readonly string[]}} Found
 */

/** The mark of a row. @param {{drift?: string}} row */
export const driftTag = ({ drift }) => drift !== undefined && tag("drift", "doubt");

/** What was done to a row by hand. @param {{drift?: string}} row */
export const driftLine = ({ drift }) => drift !== undefined && el("span", { class: "quiet" }, `Drift: ${drift}`);

/** Asks before a refresh that would fail, and offers the way that works. */
export async function deployWithRefresh() {
  /** @type {Pick<Found, "forgets" | "failed">} */
  const { forgets, failed } = await get("drift").catch(() => ({ forgets: 0, failed: [] }));
  if (forgets + failed.length === 0) return deploy({ action: "deployAgain", refresh: true });
  const texts = [
    forgets > 0 &&
      `A refresh fails with “Error reading Okta push group mapping: 404 Not Found”: ${forgets === 1 ? "a mapping was" : `${forgets} mappings were`} unlinked by hand, and the provider cannot read a mapping that is gone. The state forgets it first (pulumi state delete); then the deployment with refresh pushes the group again.`,
    failed.length > 0 &&
      `The push of ${failed.join(", ")} failed. A refresh writes its status ERROR into the state, and then the provider neither changes nor deletes the mapping. So it is unlinked first, its group in the directory stays, and the state forgets it; then the deployment with refresh pushes again whatever pushGroups has.`,
  ].filter((text) => text !== false);
  return deploy(
    { action: "repairDrift" },
    {
      title: failed.length === 0 ? "Forget what is gone, then refresh?" : "Forget what failed, then refresh?",
      text: texts.join(" "),
      verb: "Forget it and deploy with refresh",
      kind: "primary",
    },
  );
}

/** @type {Record<string, (way: any, subject: string) => Element>} */
const WAYS = {
  declarePush: ({ mapping, isPending }, subject) =>
    declareButton(
      subject,
      { action: "declarePush", mapping },
      isPending
        ? "So the push by hand ends, and its group in the directory stays. With connection: pending nothing is pushed until a deployment with connection: ready takes it over."
        : "So the push by hand ends, its group in the directory stays, and the deployment takes it over.",
    ),
  declareRule: ({ rule, isPending }, subject) =>
    declareButton(
      subject,
      { action: "declareRule", rule },
      isPending
        ? "So the rule and its pushes by hand end, and their groups in the directory stay. With connection: pending nothing is pushed until a deployment with connection: ready takes them over."
        : "So the rule and its pushes by hand end, their groups in the directory stay, and the deployment takes them over.",
    ),
  declareName: ({ label, name }) =>
    named(
      deployButton("Rename in the configuration", () => void deploy({ action: "declareName", label, name })),
      `Rename ${label} in the configuration`,
    ),
  removeDeleted: ({ label }) => named(removeButton("Remove from pushGroups…"), `Remove ${label} from pushGroups…`),
  endPush: ({ label }) => named(removeButton("End its push…"), `End the push of ${label}…`),
  removeRule: ({ rule }, subject) =>
    button("Remove the rule…", () =>
      actIfSure(
        {
          title: `Remove ${lower(subject)}?`,
          text: "People that only this rule added leave the group, and may lose the app.",
          verb: "Remove rule",
        },
        { action: "removeRule", rule, removeUsers: true },
      ),
    ),
  removePushRule: ({ rule }, subject) =>
    named(
      button("Remove the rule", () => act({ action: "removePushRule", rule })),
      `Remove push rule ${nameOf(subject)}`,
    ),
  unlinkGroup: ({ group }, subject) =>
    named(
      button("Unlink…", async () => unlink(await get("org/group", { id: group }))),
      `Unlink ${nameOf(subject)}…`,
    ),
  unassignGroup: ({ group }, subject) => button("Remove the assignment…", () => unassign(group, subject)),
  consoleStep: () => el("a", { href: "#article" }, "Go to the console step"),
};

/** One action for all groups that were deleted, because each one alone makes every deployment fail. @param {string} label */
const removeButton = (label) => deployButton(label, () => void deploy({ action: "removeDeleted" }));

/**
 * Several deleted groups have one button together, and their rows have none.
 * @param {readonly Drift[]} items @returns {{rows: readonly Drift[], label: string}}
 */
function withoutRepetition(items) {
  const isDeleted = (/** @type {Drift} */ { way }) => way.kind === "removeDeleted";
  const { length } = items.filter(isDeleted);
  if (length < 2) return { rows: items, label: "" };
  return {
    rows: items.map((item) => (isDeleted(item) ? { ...item, way: { kind: "together" } } : item)),
    label: length === 2 ? "Remove both from pushGroups…" : `Remove all ${length} from pushGroups…`,
  };
}

const lower = (/** @type {string} */ subject) => subject.charAt(0).toLowerCase() + subject.slice(1);
const nameOf = (/** @type {string} */ subject) => subject.replace(/^The push (rule|of) /, "");

/** @param {string} subject @param {Record<string, unknown>} action @param {string} effect */
function declareButton(subject, action, effect) {
  const name = nameOf(subject);
  return named(
    deployButton(
      "Declare…",
      () =>
        void deploy(action, {
          title: `Put ${name} in the configuration?`,
          text: `Okta refuses to push a group twice. ${effect}`,
          verb: "Declare and deploy",
          kind: "primary",
        }),
    ),
    `Declare ${name}…`,
  );
}

/** Asks with the consequences at this moment. @param {string} group @param {string} subject @param {any} [dialog] */
export async function unassign(group, subject, dialog) {
  const { unassigned } = await get("org/deletion", { group });
  const lost = `${unassigned.toLocaleString("en")} ${unassigned === 1 ? "person" : "people"}`;
  await actIfSure(
    {
      title: `Remove ${lower(subject)}?`,
      text:
        unassigned === 0
          ? "Nobody loses the app, because other groups assign the same people."
          : `${lost} lose the app: Okta deactivates them in the directory, and takes them out of every pushed group.`,
      verb: "Remove assignment",
    },
    { action: "unassignGroup", group },
    dialog,
  );
}

/** @param {Drift} drift */
function driftRow({ subject, difference, remedy, way }) {
  const own = WAYS[way.kind]?.(way, subject);
  return el(
    "li",
    {},
    el("span", {}, `Drift: ${subject}: ${difference}.`),
    el("span", { class: "quiet" }, remedy),
    own !== undefined && el("div", { class: "bar" }, own),
  );
}

/** The commands, and the button that does the same here. @param {Found} found @param {string} kind */
function refreshPart({ commands, forgets, failed }, kind) {
  if (commands.length === 0) return [];
  const label =
    forgets + failed.length === 0 ? "Put it right: deploy with refresh" : "Forget it and deploy with refresh";
  const text = commands.join("\n");
  return [
    el("p", { class: "quiet" }, "With Pulumi’s own commands:"),
    el("pre", { tabindex: "0", "aria-label": "Commands" }, text),
    el(
      "div",
      { class: "bar" },
      deployButton(label, () => void deploy({ action: "repairDrift" }), kind),
      named(
        copyButton("Copy", "the commands", async () => text),
        "Copy the commands",
      ),
    ),
  ];
}

/**
 * What was done by hand and is not in the configuration, and what puts it right.
 * @param {"primary urgent" | ""} [kind] of the button: the next action of its view, or one of several
 */
export function createDrift(kind = "") {
  const rows = el("ul", { class: "entries" });
  const together = el("div", { class: "bar", hidden: true });
  const more = el("div", {});
  const problem = el("div", {});
  const rest = el("p", { class: "quiet", hidden: true });
  const element = el(
    "div",
    { class: "notice drift", role: "status", hidden: true },
    problem,
    rows,
    rest,
    together,
    more,
  );
  let shown = "";
  const latest = createLatest();

  /** @param {Found} found */
  function show(found) {
    problem.replaceChildren();
    const { rows: shownRows, label } = withoutRepetition(found.items);
    if (together.textContent !== label) together.replaceChildren(...(label === "" ? [] : [removeButton(label)]));
    together.hidden = label === "";
    reconcile(rows, shownRows.slice(0, MOST), ({ subject, way }) => `${subject} ${way.kind}`, driftRow, {
      quietly: true,
    });
    const now = JSON.stringify([found.commands, found.forgets, found.failed]);
    if (now !== shown) more.replaceChildren(...refreshPart(found, kind));
    shown = now;
    const hidden = found.items.length - MOST;
    rest.hidden = hidden <= 0;
    rest.textContent = `and ${hidden.toLocaleString("en")} more`;
    element.hidden = found.items.length === 0;
  }

  return {
    element,
    refresh: async () => {
      try {
        await latest(async (ask) => show(await ask("drift")));
      } catch (error) {
        problem.replaceChildren(el("p", {}, `The drift cannot be read: ${textOf(error)}`));
        element.hidden = false;
      }
    },
    /** Whether anything is drift. */
    get isThere() {
      return !element.hidden;
    },
  };
}
