import { createArticle } from "./article.js";
import { createDirectory } from "./directory.js";
import { announce, byId, el, tag } from "./dom.js";
import { createExchanges } from "./exchanges.js";
import { createOrg } from "./org.js";
import { get, textOf } from "./server.js";
import { createStack } from "./stack.js";

/** Milliseconds between two readings while much happens. */
const PACE = 500;
const views = ["live", "article", "stack"];

const org = createOrg();
const exchanges = createExchanges();
const directory = createDirectory();
const article = createArticle();
const stack = createStack();

const current = () => (views.includes(location.hash.slice(1)) ? location.hash.slice(1) : "live");

function showView() {
  for (const name of views) byId(name).hidden = name !== current();
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${current()}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (current() === "article") void article.refresh();
  void changed();
}

async function showTenant() {
  const tenant = await get("tenant");
  document.title = `Tenant ${tenant.stack}`;
  byId("title").textContent = `Tenant ${tenant.stack}`;
  byId("badges").replaceChildren(
    el("li", {}, tag(`connection: ${tenant.connection}`, tenant.connection === "ready" ? "good" : "doubt")),
    el("li", {}, tenant.app?.connected === true ? tag("provisioning on", "good") : tag("provisioning off", "bad")),
    ...(tenant.networkUp ? [] : [el("li", {}, tag("network broken", "bad"))]),
    ...(tenant.deploying ? [el("li", {}, tag("deploying…", "doubt"))] : []),
  );
  org.show(tenant);
  article.show(tenant);
  stack.show(tenant);
}

let isReading = false;
let isStale = false;

/** Reads what is shown again; while that goes on, further changes wait for one more reading. */
async function changed() {
  isStale = true;
  if (isReading) return;
  isReading = true;
  while (isStale) {
    isStale = false;
    try {
      await showTenant();
      if (current() === "live") await Promise.all([org.refresh(), exchanges.refresh(), directory.refresh()]);
    } catch (error) {
      announce(textOf(error));
    }
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
  isReading = false;
}

const events = new EventSource("/api/events");
events.addEventListener("exchange", () => void changed());
events.addEventListener("change", () => void changed());
events.addEventListener("open", () => void changed());
events.addEventListener("error", () => announce("The tenant does not answer; trying again"));
addEventListener("hashchange", showView);
showView();
