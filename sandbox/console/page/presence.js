import { byId, el, tag } from "./dom.js";
import { get } from "./server.js";

/** Milliseconds without a connection after which the tenant counts as stopped. */
const PATIENCE = 1500;
/** Milliseconds between two looks for a stopped tenant. */
const PACE = 1000;
/** The port of the page if `npm start` names no other. */
const USUAL_PORT = "8481";

/** The start that this page was loaded from, and the command that starts its stack again. */
let instance = "";
let command = "npm start";
/** Milliseconds in which a tenant that starts again is there, with ten thousand people too. */
const LONGEST_START = 120_000;
/** Whether the tenant said that it starts again, and when. */
let startsAgain = false;
let startsSince = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;

/** Whether no tenant answers. */
export const isStopped = () => document.body.classList.contains("stopped");

/**
 * Remembers which start of the tenant this page shows. A page of an earlier start loads itself again, because nothing
 * in it is true any more.
 * @param {{instance: string, startOptions: readonly string[]}} tenant
 */
export function meet(tenant) {
  if (instance !== "" && instance !== tenant.instance) location.reload();
  instance = tenant.instance;
  // With --port 0, npm start takes any free port for the page, too.
  const isUsual = location.port === USUAL_PORT && !tenant.startOptions.includes("--port 0");
  const options = [...tenant.startOptions, ...(isUsual ? [] : [`--page-port ${location.port}`])];
  command = ["npm start", ...(options.length === 0 ? [] : ["--", ...options])].join(" ");
}

/** The tenant ends and starts again by itself. */
export function startingAgain() {
  startsAgain = true;
  startsSince = Date.now();
  showStopped();
}

/** The connection to the tenant is there. One that starts again may still end; the page loads itself again with the next. */
export function here() {
  if (startsAgain) return;
  clearTimeout(looking);
  looking = undefined;
  document.body.classList.remove("stopped");
  byId("stopped").replaceChildren();
}

/** The connection is gone: says so if it stays away, and looks for the tenant until it answers. */
export function away() {
  looking ??= setTimeout(() => void look(), PATIENCE);
}

async function look() {
  const isOverdue = startsAgain && Date.now() - startsSince > LONGEST_START;
  if (isOverdue) startsAgain = false;
  if (isOverdue || !isStopped()) showStopped();
  const found = await get("tenant").catch(() => undefined);
  if (looking === undefined) return;
  if (found === undefined) looking = setTimeout(() => void look(), PACE);
  else location.reload();
}

function showStopped() {
  document.body.classList.add("stopped");
  byId("badges").replaceChildren(el("li", {}, tag(startsAgain ? "starting again" : "stopped")));
  if (startsAgain) {
    byId("stopped").replaceChildren(
      el("strong", {}, "Starting again…"),
      " It takes as long as npm start did. This page then shows the new tenant by itself.",
    );
    return;
  }
  byId("stopped").replaceChildren(
    el("strong", {}, "The tenant has stopped."),
    " Everything below is as it was last seen. Start it again with ",
    el("code", {}, command),
    ". This page then shows the new tenant by itself.",
  );
}
