import { bounded, restLine, showRest } from "./bounded.js";
import { connectionPart } from "./connection.js";
import { deployButton } from "./deployment.js";
import { createDrift, deployWithRefresh } from "./drift.js";
import { button, byId, el, reconcile, tag } from "./dom.js";
import { createLatest } from "./latest.js";
import { textOf } from "./server.js";

/** @type {Record<string, readonly [string, string]>} */
const VERDICTS = {
  right: ["done", "good"],
  warning: ["look", "doubt"],
  wrong: ["not done", "bad"],
  unknown: ["unknown", ""],
};

/** @param {any} check */
function checkRow(check) {
  const [label, kind] = VERDICTS[check.state] ?? ["", ""];
  return el(
    "li",
    {},
    el("span", {}, tag(label, kind)),
    el(
      "div",
      {},
      check.title,
      el("span", { class: "quiet" }, check.detail),
      check.remedy !== undefined && el("span", { class: "remedy" }, `→ ${check.remedy}`),
    ),
  );
}

/** The number of checks in each state that occurs. @param {readonly any[]} checks */
function summaryTags(checks) {
  return Object.entries(VERDICTS).flatMap(([state, [label, kind]]) => {
    const many = checks.filter((check) => check.state === state).length;
    return many === 0 ? [] : [tag(`${many} ${label}`, kind)];
  });
}

/**
 * The checks under the headings of their sections. A row that has not changed stays, with its place on the screen.
 * @param {Element} holder
 * @param {readonly any[]} checks
 */
function showChecks(holder, checks) {
  const sections = [...new Set(checks.map((check) => String(check.section)))];
  const isNew = holder.childElementCount === 0;
  const sectionPart = (/** @type {string} */ section) =>
    el("section", { class: "flat" }, el("h4", {}, section), el("ul", { class: "steps" }), restLine());
  reconcile(holder, sections, (section) => section, sectionPart, { quietly: true });
  sections.forEach((section, index) => {
    const part = holder.children[index];
    const list = part?.querySelector("ul");
    const rest = /** @type {HTMLElement | null | undefined} */ (part?.querySelector(".rest"));
    const own = checks.filter((check) => check.section === section);
    const { shown, more } = bounded(own, ({ state }) => state !== "right");
    if (list) reconcile(list, shown, (check) => check.id, checkRow, { quietly: isNew });
    if (rest) showRest(rest, more);
  });
}

/**
 * What is left, and the deployment that may put it right.
 * @param {readonly any[]} checks @param {ReturnType<typeof createDrift>} drift
 */
function remedyPart(checks, drift) {
  const left = checks.filter(({ state }) => state === "wrong").length;
  if (drift.isThere) return [drift.element];
  if (left === 0) return [];
  return [
    el(
      "p",
      {},
      `${left} ${left === 1 ? "step is" : "steps are"} not done. A deployment with refresh reads the org first, and makes again what was changed by hand.`,
    ),
    deployButton("Deploy with refresh", () => void deployWithRefresh(), "primary"),
  ];
}

export function createArticle() {
  const connection = el("div", {});
  const checks = el("div", {});
  const summary = el("div", { class: "summary", role: "status" });
  const remedy = el("div", {});
  const problem = el("div", { role: "alert" });
  const again = button("Check again", () => refresh());
  byId("article").append(
    el("h3", {}, "The step that only the Admin Console offers"),
    connection,
    el("div", { class: "line" }, el("h3", {}, "Each step, checked against the live tenant"), again),
    ...[summary, remedy, problem, checks],
  );
  let shown = "";
  let advised = "";
  const drift = createDrift("primary urgent");
  // Without provisioning the console step is next, whatever the checks advise.
  let isRunning = false;
  const latest = createLatest();

  /** @type {import("./latest.js").Read} */
  async function read(ask, signal) {
    const found = await ask("article");
    showChecks(checks, found.checks);
    const tags = summaryTags(found.checks);
    const text = (/** @type {readonly Element[]} */ list) => list.map((one) => one.textContent).join();
    if (text(tags) !== text([...summary.children])) summary.replaceChildren(...tags);
    await drift.refresh();
    signal.throwIfAborted();
    const advice = isRunning ? remedyPart(found.checks, drift) : [];
    if (text(advice) !== advised) remedy.replaceChildren(...advice);
    advised = text(advice);
  }

  async function refresh() {
    again.textContent = "Checking…";
    try {
      if (!(await latest(read))) return;
      problem.replaceChildren();
    } catch (error) {
      problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    }
    again.textContent = "Check again";
  }

  return {
    refresh,
    /** @param {any} now */
    show: (now) => {
      isRunning = now.connection === "ready" && now.app?.connected === true;
      if (!isRunning) {
        remedy.replaceChildren();
        advised = "";
      }
      byId("direction").hidden = now.app === undefined || now.app.connected === true;
      const signature = JSON.stringify([now.connection, now.app?.connected, now.nextSteps, now.outputs]);
      if (signature === shown) return;
      shown = signature;
      connection.replaceChildren(...connectionPart(now));
    },
  };
}
