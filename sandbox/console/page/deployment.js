import { bounded, restLine, showRest } from "./bounded.js";
import { announce, ask, button, byId, el, openDialog, reconcile, refuse, tag } from "./dom.js";
import { isStopped } from "./presence.js";
import { RequestError, act, post, problemsOf, textOf } from "./server.js";

/** @typedef {{op: string, urn: string, type: string, name: string, state: string}} Change */
/**
 * @typedef {{
 *   id: number, title: string, startedBy: string, startedAt: string, endedAt?: string, state: string,
 *   stages: readonly {name: string, state: string}[], changes: readonly Change[], unchanged: number, message?: string,
 * }} Deployment
 */

/** @type {Record<string, readonly [label: string, kind: string]>} */
const STATES = {
  waiting: ["waits", ""],
  running: ["runs", "doubt"],
  done: ["done", "good"],
  failed: ["failed", "bad"],
  notReached: ["not reached", ""],
};
/** @type {Record<string, readonly [begun: string, done: string]>} */
const OPERATIONS = {
  create: ["creating", "created"],
  update: ["updating", "updated"],
  replace: ["replacing", "replaced"],
  delete: ["deleting", "deleted"],
};

/** Whether a deployment runs on the server. */
let isRunning = false;
/** The deployments that this page has asked for and has no answer about. */
let asked = 0;
const isDeploying = () => !isStopped() && (isRunning || asked > 0);

/** @param {Element} element */
const letWait = (element) =>
  isDeploying() ? element.setAttribute("aria-disabled", "true") : element.removeAttribute("aria-disabled");

/**
 * A button that waits while a deployment runs. It keeps the focus, so a keyboard stays where it is.
 * @param {string} label @param {(event: Event) => unknown} click @param {string} [kind]
 */
export function deployButton(label, click, kind = "") {
  const made = button(label, (event) => (isDeploying() ? refuse("A deployment is running") : click(event)), kind);
  made.setAttribute("data-deploys", "");
  letWait(made);
  return made;
}

function letAllWait() {
  for (const element of document.querySelectorAll("[data-deploys]")) letWait(element);
}

/**
 * Starts a deployment, after a question if there is one. The panel shows its progress and its failure.
 * @param {Record<string, unknown>} action
 * @param {import("./dom.js").Question} [question]
 * @param {import("./server.js").Dialog} [dialog] where a person asked for it: closes when the deployment starts, and says
 *   why it does not
 * @param {() => Promise<boolean>} [isReady] called after the questions; false starts nothing
 */
export async function deploy(action, question, dialog, isReady) {
  asked += 1;
  letAllWait();
  try {
    if (question !== undefined && !(await ask(question))) return;
    const { question: own } = await post("question", action);
    if (own !== undefined && !(await ask(own))) return;
    if (isReady !== undefined && !(await isReady())) return;
    dialog?.close();
    const { message } = await post("action", action);
    announce(message);
  } catch (error) {
    if (error instanceof RequestError && error.isDeployment)
      announce("The deployment failed. Its message is at the top of the page.");
    else if (dialog !== undefined) dialog.fail(textOf(error), problemsOf(error));
    else openDialog("Nothing was deployed", el("p", { class: "notice" }, textOf(error)));
  } finally {
    asked -= 1;
    letAllWait();
  }
}

/** @param {Change} change */
function changeRow({ op, type, name, state }) {
  const [begun, done] = OPERATIONS[op] ?? [op, op];
  const [, kind] = STATES[state] ?? ["", ""];
  return el(
    "li",
    {},
    tag(state === "failed" ? "failed" : state === "done" ? done : begun, kind),
    el("span", {}, name, " ", el("span", { class: "mono quiet" }, type)),
  );
}

/** The last changes, and those that run or failed. @param {Element} list @param {HTMLElement} rest @param {Deployment} now */
function showChanges(list, rest, { changes }) {
  const { shown: latest, more } = bounded(changes.toReversed(), ({ state }) => state !== "done");
  reconcile(list, latest.toReversed(), (change) => change.urn, changeRow, { quietly: true });
  showRest(rest, more, " that began before these");
}

/** @param {Deployment["stages"][number]} stage */
function stageRow({ name, state }) {
  const [label, kind] = STATES[state] ?? ["", ""];
  return el("li", {}, tag(label, kind), el("span", {}, name));
}

/** @param {Deployment} shown */
function countText({ changes, unchanged, state }) {
  const parts = Object.entries(OPERATIONS).flatMap(([op, [, done]]) => {
    const many = changes.filter((change) => change.op === op && change.state === "done").length;
    return many === 0 ? [] : [`${many} ${done}`];
  });
  if (state === "done" && parts.length === 0) parts.push("nothing changed");
  return [...parts, ...(unchanged === 0 ? [] : [`${unchanged} unchanged`])].join(", ");
}

/** @param {Deployment} shown */
function secondsText({ startedAt, endedAt }) {
  const end = endedAt === undefined ? Date.now() : Date.parse(endedAt);
  return `${Math.max(0, Math.round((end - Date.parse(startedAt)) / 1000))} s`;
}

/** What assistive technology hears: the stage that runs, and the end. @param {Deployment} shown */
function spokenText(shown) {
  const { title, state, stages, message = "" } = shown;
  if (state === "done") return `Deployment done: ${countText(shown)}`;
  if (state === "failed") return `Deployment failed: ${message}`;
  return `Deployment ${title}: ${stages.find((stage) => stage.state === "running")?.name ?? "starts"}`;
}

/** Nobody tells how a deployment of a tenant that stopped ended. @param {Element} panel @param {Element} state */
function leaveOpen(panel, state) {
  if (!panel.classList.contains("running")) return;
  state.replaceChildren(tag("its end is unknown", "doubt"));
  panel.classList.remove("running");
  letAllWait();
}

/** The panel of the deployment that runs, or of the last one until it is dismissed. */
export function createDeployment() {
  const panel = byId("deployment");
  const spoken = byId("deployment-spoken");
  const state = el("span", {});
  const title = el("h2", {});
  const count = el("span", { class: "quiet" });
  const seconds = el("span", { class: "quiet" });
  const stages = el("ol", { class: "stages" });
  const changes = el("ul", { class: "changes" });
  const rest = restLine();
  const problem = el("div", {});
  /** @type {Deployment | undefined} */
  let shown;
  const details = el(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Stages and resources" },
    ...[problem, stages, rest, changes],
  );
  const toggle = button("Hide details", () => open(details.hidden !== false));
  const dismiss = button("Dismiss", () => {
    byId("main").focus();
    return act({ action: "dismissDeployment", deployment: shown?.id });
  });
  toggle.setAttribute("aria-expanded", "true");
  panel.append(el("div", { class: "bar" }, state, title, count, seconds, toggle, dismiss), details);

  /** @param {boolean} opens */
  function open(opens) {
    details.hidden = !opens;
    toggle.textContent = opens ? "Hide details" : "Show details";
    toggle.setAttribute("aria-expanded", String(opens));
  }
  setInterval(() => {
    if (shown?.state !== "running") return;
    if (isStopped()) leaveOpen(panel, state);
    else seconds.textContent = secondsText(shown);
  }, 1000);

  /** @param {Deployment} now */
  function draw(now) {
    const [label, kind] = STATES[now.state] ?? ["", ""];
    state.replaceChildren(tag(label, kind));
    panel.classList.toggle("running", now.state === "running");
    title.textContent = `Deployment: ${now.title}${now.startedBy === "page" || now.title === now.startedBy ? "" : ` (${now.startedBy})`}`;
    count.textContent = countText(now);
    seconds.textContent = secondsText(now);
    dismiss.hidden = now.state === "running";
    reconcile(stages, now.stages, (stage) => stage.name, stageRow, { quietly: true });
    showChanges(changes, rest, now);
    const said = spokenText(now);
    if (spoken.textContent !== said) spoken.textContent = said;
    if (now.id !== shown?.id) open(true);
    if (now.message !== shown?.message || now.id !== shown?.id)
      problem.replaceChildren(...(now.message === undefined ? [] : [el("p", { class: "notice" }, now.message)]));
  }

  return {
    /** @param {{running: boolean, shown?: Deployment}} now */
    show: (now) => {
      if (now.running !== isRunning) {
        isRunning = now.running;
        letAllWait();
      }
      panel.hidden = now.shown === undefined;
      if (now.shown === undefined) spoken.textContent = "";
      else draw(now.shown);
      shown = now.shown;
    },
  };
}
