import { copyButton } from "./clipboard.js";
import { deploy, deployButton } from "./deployment.js";
import { announce, button, el } from "./dom.js";
import { act, post, textOf } from "./server.js";

let fieldsMade = 0;

/**
 * A value that the administrator types into Okta, with a button to copy it.
 * @param {string} label
 * @param {string} what what the button copies
 * @param {string} shown
 * @param {() => Promise<string>} read the value, which a secret's field does not show
 * @param {(input: HTMLInputElement) => Node | false} [more]
 */
function valueField(label, what, shown, read, more = () => false) {
  fieldsMade += 1;
  const id = `value-${fieldsMade}`;
  const input = /** @type {HTMLInputElement} */ (el("input", { id, readonly: true, class: "mono", value: shown }));
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    el("div", { class: "bar" }, input, copyButton(`Copy ${what}`, what, read), more(input)),
  );
}

/** Hides the token, if it is shown. */
let hideShown = () => {};

/** A person who leaves the view does not expect the token to be on the screen on their return. */
export const hideToken = () => hideShown();

/** Base URL and token as Okta's fields want them. The server hands the token out only when a person asks. */
function connectionFields(/** @type {any} */ tenant) {
  const readToken = async () => String((await post("token", {})).token);
  const isToken = tenant.tokenOutput === "scimToken";
  const hidden = "••••••••";
  const reveal = (/** @type {HTMLInputElement} */ input) => {
    /** @param {string} value */
    const set = (value) => {
      input.value = value;
      show.textContent = value === hidden ? "Show it" : "Hide it";
    };
    const show = button("Show it", async () => {
      try {
        const value = input.value === hidden ? await readToken() : hidden;
        // The person may have left meanwhile.
        set(input.checkVisibility() ? value : hidden);
      } catch (error) {
        announce(textOf(error));
      }
    });
    hideShown = () => set(hidden);
    return show;
  };
  return el(
    "div",
    { class: "values" },
    valueField(
      "SCIM connector base URL",
      "the base URL",
      tenant.outputs.scimBaseUrl,
      async () => tenant.outputs.scimBaseUrl,
    ),
    valueField(
      isToken ? "Token" : "Authorization header",
      isToken ? "the token" : "the header",
      hidden,
      readToken,
      reveal,
    ),
  );
}

/** What comes next, as one sentence and one button. @param {any} tenant */
function nextAction(tenant) {
  const isConnected = tenant.app?.connected === true;
  const isReady = tenant.connection === "ready";
  if (isConnected && isReady)
    return [el("p", {}, "Provisioning is on and the tenant is deployed with connection: ready.")];
  if (isConnected)
    return [
      el("p", {}, "The console step is done. Now the second deployment assigns the group and pushes the groups."),
      deployButton("Set connection ready and deploy", () => void deploy({ action: "deployReady" }), "primary"),
    ];
  return [
    el(
      "p",
      {},
      isReady
        ? "The connection was wiped. A deployment detects that and stops; the administrator repeats the step."
        : "The service, the app and the groups exist; nobody is assigned. Okta's API does not offer the next step, so a person does it:",
    ),
    button("Do this in the Admin Console", () => act({ action: "doConsoleStep" }), "primary"),
  ];
}

/** The step that only the Admin Console offers. @param {any} tenant */
export function connectionPart(tenant) {
  if (tenant.app === undefined)
    return [
      el("p", {}, "The stack leaves the Okta half to the administrator of another org, who follows nextSteps:"),
      stepList(tenant),
    ];
  const isConnected = tenant.app.connected === true;
  if (isConnected && tenant.connection === "ready")
    return [
      ...nextAction(tenant),
      el(
        "details",
        {},
        el("summary", {}, "What the administrator did in the Admin Console"),
        connectionFields(tenant),
        stepList(tenant),
      ),
    ];
  return [...nextAction(tenant), ...(isConnected ? [] : [connectionFields(tenant), stepList(tenant)])];
}

/** @param {any} tenant */
function stepList({ nextSteps, consoleSteps }) {
  const steps = nextSteps.length > 0 ? nextSteps : consoleSteps;
  return el("ol", { class: "plain" }, ...steps.map((/** @type {string} */ step) => el("li", {}, step)));
}
