import { bounded } from "./bounded.js";
import { copyButton } from "./clipboard.js";
import { deploy, deployButton } from "./deployment.js";
import { createDrift, deployWithRefresh } from "./drift.js";
import { button, el, named, openDialog, reconcile, tag } from "./dom.js";
import { createLatest } from "./latest.js";
import { post, textOf } from "./server.js";
import { createStackFile, valueOf } from "./stackFile.js";

/**
 * @typedef {import("./stackFile.js").Source} Source
 * @typedef {{
 *   key: string, description: string, value: string, entries?: readonly string[],
 *   isNotDeployed: boolean, isSecret: boolean, source: Source, inFile?: string, below?: Source, yaml?: string,
 * }} Key
 */

/** @param {string} text JSON if it can be read as such */
function pretty(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}

/** @param {Key} key */
function edit({ key, description, value }) {
  const field = /** @type {HTMLTextAreaElement} */ (
    el("textarea", { id: "configuration-value", name: "value", rows: "8", spellcheck: "false", class: "mono" })
  );
  field.value = pretty(value);
  /** Whether the tenant takes the value; else the dialog says why, and keeps the input. */
  const passes = async () => {
    try {
      await post("configuration/check", { key, value: field.value, was: value });
      return true;
    } catch (error) {
      const text = textOf(error);
      dialog.fail(text, [{ field: "value", text }]);
      return false;
    }
  };
  const send = deployButton(
    "Check and deploy",
    async () => {
      if (!(await passes())) return;
      const asked = { action: "configure", key, value: field.value, was: value };
      // The question may stand for long, so the value is checked again after it.
      await deploy(asked, undefined, dialog, passes);
    },
    "primary",
  );
  const dialog = openDialog(
    `Edit ${key}`,
    el("p", {}, description),
    el(
      "div",
      { class: "field" },
      el("label", { for: "configuration-value" }, "Value (text, or JSON if it is structured)"),
      field,
    ),
    el("p", { class: "quiet" }, "The value counts until npm start ends. The stack file stays as it is."),
    el("div", { class: "bar end" }, send),
  );
  field.focus();
}

/** @type {Record<Source, string>} */
const ORIGINS = {
  file: "",
  "npm start": "set by npm start",
  "--config": "set by --config",
  page: "set on this page",
  "npm run up": "set by npm run up",
};

/** Which value counts, if the file has another one. @param {Key} key */
const hidesLine = ({ inFile, source }) =>
  inFile !== undefined &&
  el(
    "span",
    { class: "quiet" },
    `${valueOf(source).replace("the", "The")} counts. The file has `,
    el("span", { class: "mono" }, inFile),
  );

/** Drops the override of the page or of npm run up. @param {string} key @param {Source} below */
const dropButton = (key, below) =>
  deployButton(
    below === "--config" ? `Use --config’s ${key}` : `Use the file’s ${key}`,
    () => void deploy({ action: "useFile", key }),
  );

/** The value as lines of the file, to keep it after npm start ended. @param {string} key @param {string} yaml */
const yamlPart = (key, yaml) =>
  el(
    "details",
    {},
    el("summary", {}, `${key} as YAML`),
    el(
      "p",
      { class: "quiet" },
      "To keep the value, write these lines under config: in the stack file, in place of those it has for the key.",
    ),
    el("pre", { tabindex: "0", "aria-label": `${key} as YAML` }, yaml),
    el(
      "div",
      { class: "bar" },
      named(
        copyButton("Copy", `${key} as YAML`, async () => yaml),
        `Copy ${key} as YAML`,
      ),
    ),
  );

/** @param {Key} shown */
function keyRow(shown) {
  const { key, value, entries = [], isNotDeployed, isSecret, source, below, yaml } = shown;
  const { shown: listed, more } = bounded(entries);
  const list = el(
    "ul",
    { class: "entries" },
    ...listed.map((entry) =>
      el(
        "li",
        { class: "line" },
        el("span", { class: "mono" }, entry),
        named(
          deployButton("Remove…", () => void deploy({ action: "removeEntry", key, entry })),
          `Remove ${entry}…`,
        ),
      ),
    ),
    more > 0 && el("li", { class: "quiet" }, `and ${more.toLocaleString("en")} more, which Edit… shows`),
  );
  return el(
    "li",
    {},
    el(
      "div",
      { class: "line" },
      el("span", { class: "name" }, key),
      el(
        "span",
        { class: "tags" },
        isNotDeployed && tag("not deployed", "doubt"),
        source !== "file" && tag(ORIGINS[source], ""),
      ),
      isSecret
        ? tag("holds a secret")
        : named(
            button("Edit…", () => edit(shown)),
            `Edit ${key}…`,
          ),
    ),
    entries.length > 0 ? list : el("span", { class: "mono value" }, value === "" ? "not set" : pretty(value)),
    hidesLine(shown),
    below !== undefined && el("div", { class: "bar" }, dropButton(key, below)),
    yaml !== undefined && yamlPart(key, yaml),
  );
}

export function createConfiguration() {
  const rows = el("ul", { class: "rows configuration" });
  const file = el("span", {}, "the stack file");
  const problem = el("div", { role: "alert" });
  const drift = createDrift();
  const deployFile = deployButton("Deploy", () => void deploy({ action: "deployAgain" }), "primary");
  const notice = createStackFile(deployFile);
  /** Why the configuration could not be read. */
  let failure = "";
  /** The same sentence in the notice about the file. */
  let told = "";
  const latest = createLatest();
  const showFailure = () =>
    problem.replaceChildren(...(failure === "" || failure === told ? [] : [el("p", { class: "notice" }, failure)]));
  const element = el(
    "div",
    {},
    el("h3", {}, "Configuration"),
    el(
      "p",
      {},
      "Each deployment reads ",
      file,
      " again. Values set here count on top of it until npm start ends; the file stays as it is.",
    ),
    notice.element,
    el(
      "div",
      { class: "bar" },
      deployFile,
      deployButton("Deploy with refresh", () => void deployWithRefresh()),
    ),
    ...[problem, drift.element, rows],
  );
  return {
    element,
    /** @param {{stackFile?: import("./stackFile.js").StackFileNotice}} tenant */
    show: ({ stackFile }) => {
      notice.show(stackFile);
      told = stackFile?.problem ?? "";
      showFailure();
    },
    refresh: async () => {
      await drift.refresh();
      try {
        await latest(async (ask) => {
          const found = await ask("configuration");
          file.textContent = found.file;
          reconcile(rows, /** @type {Key[]} */ (found.keys), ({ key }) => key, keyRow, { quietly: true });
          failure = "";
        });
      } catch (error) {
        failure = textOf(error);
      }
      showFailure();
    },
  };
}
