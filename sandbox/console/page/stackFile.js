import { byId, el } from "./dom.js";

/**
 * @typedef {"file" | "npm start" | "--config" | "page" | "npm run up"} Source
 * @typedef {{
 *   file: string, keys: readonly string[], hidden: readonly {key: string, source: Source}[], problem?: string,
 * }} StackFileNotice
 */

/** @type {Record<Source, string>} */
const VALUES = {
  file: "the value in the file",
  "npm start": "the value that npm start set",
  "--config": "the value of --config",
  page: "the value set on this page",
  "npm run up": "the value of npm run up",
};

/** @param {Source} source */
export const valueOf = (source) => VALUES[source];

/** @param {StackFileNotice} notice */
const isDeployable = ({ keys, problem }) => keys.length > 0 && problem === undefined;

/** @param {StackFileNotice} notice */
const changedText = ({ file, keys }) => `${file} changed${keys.length === 0 ? "" : `: ${keys.join(", ")}`}.`;

/** The edit of the stack's file, above the button that deploys it. @param {StackFileNotice} notice */
function parts(notice) {
  const { file, keys, hidden, problem } = notice;
  const unused = hidden.map(({ key, source }) =>
    el("p", {}, `${file} has a new value of ${key}, which has no effect: ${valueOf(source)} counts.`),
  );
  if (problem !== undefined)
    return [
      el("p", {}, `${changedText(notice)} It cannot be deployed as it is:`),
      el("p", { class: "lines" }, problem),
      ...unused,
    ];
  return keys.length === 0 ? unused : [el("p", {}, `${changedText(notice)} Deploy to use it.`), ...unused];
}

/** The line of the other views. Every deployment uses the file, so it stands above all of them. @param {StackFileNotice} notice */
const lineText = (notice) =>
  isDeployable(notice)
    ? `${changedText(notice)} The next deployment uses it. `
    : `${changedText(notice)} It cannot be deployed as it is. `;

/**
 * Says that the stack's file changed and is not deployed.
 * @param {HTMLElement} deploy the button that deploys the file
 */
export function createStackFile(deploy) {
  const element = el("div", { class: "notice stack-file", role: "status", hidden: true });
  const line = byId("stack-file");
  const text = el("span", {});
  line.append(text, el("a", { href: "#stack" }, "Go to Stack"));
  let shown = "";
  return {
    element,
    /** @param {StackFileNotice | undefined} notice */
    show: (notice) => {
      const now = JSON.stringify(notice) ?? "";
      if (now === shown) return;
      shown = now;
      element.hidden = notice === undefined;
      element.replaceChildren(...(notice === undefined ? [] : parts(notice)));
      element.classList.toggle("wrong", notice?.problem !== undefined);
      deploy.classList.toggle("foremost", notice !== undefined && isDeployable(notice));
      line.hidden = notice === undefined || (notice.keys.length === 0 && notice.problem === undefined);
      text.textContent = notice === undefined ? "" : lineText(notice);
    },
  };
}
