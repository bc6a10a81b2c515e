import { deploy, deployButton } from "./deployment.js";
import { button, byId, el, tag } from "./dom.js";
import { act, get, textOf } from "./server.js";

/** @type {Record<string, readonly [string, string]>} */
const VERDICTS = {
  right: ["done", "good"],
  warning: ["look", "doubt"],
  wrong: ["not done", "bad"],
  unknown: ["unknown", ""],
};

/** @param {any} tenant */
function connectionPart(tenant) {
  const steps = tenant.nextSteps.length > 0 ? tenant.nextSteps : tenant.consoleSteps;
  const isConnected = tenant.app?.connected === true;
  const isReady = tenant.connection === "ready";
  const list = el("ol", { class: "plain" }, ...steps.map((/** @type {string} */ step) => el("li", {}, step)));
  const play = button("Do this in the Admin Console", () => void act({ action: "doConsoleStep" }), "primary");
  const deployment = deployButton(
    isReady ? "Deploy again" : "Set connection ready and deploy",
    () => void deploy({ action: isReady ? "deployAgain" : "deployReady" }),
    isConnected ? "primary" : "",
  );
  if (isConnected && isReady)
    return [
      el("p", {}, "Provisioning is on and the tenant is deployed with connection: ready."),
      el("details", {}, el("summary", {}, "What the administrator did in the Admin Console"), list),
    ];
  if (isConnected)
    return [
      el("p", {}, "The console step is done. Now the second deployment assigns the group and pushes the groups."),
      deployment,
    ];
  return [
    el(
      "p",
      {},
      isReady
        ? "The connection was wiped. A deployment detects that and stops; the administrator repeats the step."
        : "The service, the app and the groups exist; nobody is assigned. Okta's API does not offer the next step, so a person does it:",
    ),
    list,
    el("div", { class: "bar" }, play, deployment),
  ];
}

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

/** The checks under the headings of their sections. @param {readonly any[]} checks */
function checkSections(checks) {
  const sections = [...new Set(checks.map((check) => check.section))];
  return sections.flatMap((section) => [
    el("h4", {}, String(section)),
    el("ul", { class: "steps" }, ...checks.filter((check) => check.section === section).map(checkRow)),
  ]);
}

/** The number of checks in each state that occurs. @param {readonly any[]} checks */
function summaryTags(checks) {
  return Object.entries(VERDICTS).flatMap(([state, [label, kind]]) => {
    const many = checks.filter((check) => check.state === state).length;
    return many === 0 ? [] : [tag(`${many} ${label}`, kind)];
  });
}

export function createArticle() {
  const connection = el("div", {});
  const checks = el("div", {});
  const summary = el("div", { class: "summary" });
  const problem = el("div", { role: "alert" });
  byId("article").append(
    el("h3", {}, "The step that only the Admin Console offers"),
    connection,
    el(
      "div",
      { class: "line" },
      el("h3", {}, "Each step, checked against the live tenant"),
      button("Check again", () => void refresh()),
    ),
    summary,
    problem,
    checks,
  );
  let shown = "";

  async function refresh() {
    try {
      const found = await get("article");
      checks.replaceChildren(...checkSections(found.checks));
      summary.replaceChildren(...summaryTags(found.checks));
      problem.replaceChildren();
    } catch (error) {
      problem.replaceChildren(el("p", { class: "notice" }, textOf(error)));
    }
  }

  return {
    refresh,
    /** @param {any} tenant */
    show: (tenant) => {
      const signature = JSON.stringify([tenant.connection, tenant.app?.connected, tenant.nextSteps]);
      if (signature === shown) return;
      shown = signature;
      connection.replaceChildren(...connectionPart(tenant));
    },
  };
}
