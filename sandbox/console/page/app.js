import { createArticle } from "./article.js";
import { hideToken } from "./connection.js";
import { createDeployment } from "./deployment.js";
import { createDirectory } from "./directory.js";
import { announce, byId, el, refuse, tag } from "./dom.js";
import { createExchanges } from "./exchanges.js";
import { keepFocus } from "./focus.js";
import { showHealth } from "./health.js";
import { networkTag } from "./network.js";
import { createOrg } from "./org.js";
import { away, here, isStopped, meet, startingAgain } from "./presence.js";
import { keepPlaces, place, settle } from "./route.js";
import { RequestError, get, textOf } from "./server.js";
import { createStack } from "./stack.js";
import { createStory } from "./story.js";

/** Milliseconds between two reads during many changes. */
const PACE = 500;
/** The longest pause after a read, as a multiple of the time that the read took. A slow part is read less often. */
const REST = 4;
const views = ["live", "story", "article", "stack", "missing"];

const org = createOrg();
const exchanges = createExchanges();
const directory = createDirectory();
const article = createArticle();
const stack = createStack();
const deployment = createDeployment();
const story = createStory();

/** Where the page opens without an address: at the next action while there is one. */
let home = "live";
const current = () => place(home).view;

function showView() {
  for (const name of views) byId(name).hidden = name !== current();
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${current()}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (current() === "live") followAddress();
  if (current() !== "article") hideToken();
  changed();
}

/** Shows in each part of the live view what the address names, and the part itself. */
function followAddress() {
  settle((asked) => ({
    exchanges: exchanges.follow(asked.exchanges),
    org: org.follow(asked.org),
    directory: directory.follow(asked.directory),
  }));
  const { part } = place();
  if (part !== undefined) byId(part).scrollIntoView({ block: "nearest" });
}

async function showTenant() {
  const tenant = await get("tenant");
  // The tenant ended while it answered.
  if (isStopped()) return;
  meet(tenant);
  document.title = `Tenant ${tenant.stack}`;
  byId("title").textContent = `Tenant ${tenant.stack}`;
  byId("badges").replaceChildren(
    el("li", {}, tag(`connection: ${tenant.connection}`, tenant.connection === "ready" ? "good" : "doubt")),
    el("li", {}, tenant.app?.connected === true ? tag("provisioning on", "good") : tag("provisioning off", "bad")),
    ...(tenant.networkUp ? [] : [el("li", {}, networkTag(tenant.networkBackAt, changed))]),
    ...(tenant.deploying ? [el("li", {}, tag("deploying…", "doubt"))] : []),
  );
  showHealth(tenant.health);
  if (home === "live" && tenant.connection === "pending" && location.hash === "") {
    home = "article";
    showView();
  }
  org.show(tenant);
  article.show(tenant);
  stack.show(tenant);
}

/**
 * Reads a part of the page again after a change. Changes during the read and its pause cause one more read, after the
 * pause or as soon as no more of them come.
 * @param {() => Promise<void>} read
 */
function follow(read) {
  let isReading = false;
  let isStale = false;
  let changedAt = 0;
  return async () => {
    isStale = true;
    changedAt = performance.now();
    if (isReading) return;
    isReading = true;
    while (isStale) {
      isStale = false;
      const started = performance.now();
      await read().catch((error) => isStopped() || announce(textOf(error)));
      const ended = performance.now();
      const last = ended + REST * (ended - started);
      const isOver = () => performance.now() >= last || (isStale && performance.now() - changedAt >= PACE);
      do await new Promise((resolve) => setTimeout(resolve, PACE));
      while (!isOver());
    }
    isReading = false;
  };
}

const followTenant = follow(showTenant);
const followArticle = follow(article.refresh);
const followStack = follow(stack.refresh);
const followStory = follow(story.refresh);
const followLists = [org, exchanges, directory].map(({ refresh }) => follow(refresh));

function changed() {
  void followTenant();
  if (current() === "live") for (const again of followLists) void again();
  if (current() === "article") void followArticle();
  if (current() === "stack") void followStack();
  if (current() === "story") void followStory();
}

keepFocus();
keepPlaces();
// A button reads something before its dialog opens, and that may be gone or not answer.
addEventListener("unhandledrejection", (event) => {
  refuse(textOf(event.reason));
  if (event.reason instanceof RequestError) event.preventDefault();
});
const events = new EventSource("/api/events");
events.addEventListener("change", changed);
events.addEventListener("open", () => {
  here();
  changed();
});
events.addEventListener("deployment", ({ data }) => deployment.show(JSON.parse(data)));
events.addEventListener("restart", startingAgain);
events.addEventListener("error", away);
// The address names the view, so the link must not change it.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
addEventListener("hashchange", () => {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  showView();
});
showView();
