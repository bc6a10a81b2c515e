import { createConfiguration } from "./configuration.js";
import { deploy, deployButton } from "./deployment.js";
import { button, byId, el } from "./dom.js";
import { resetPart } from "./reset.js";
import { act, actIfSure } from "./server.js";

/** @param {unknown} value */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const questions = {
  dropPreviousToken: {
    title: "Drop the previous token?",
    text: "If Okta does not use the new token yet, the service answers each of its requests with 401.",
    verb: "Drop it",
  },
  forceSync: {
    title: "Send everyone again?",
    text: "Okta sends the profile of every provisioned person, one request each.",
    verb: "Force Sync",
  },
  importUsers: {
    title: "Import from the directory?",
    text: "Okta reads every user of the directory. People that it cannot match wait for a confirmation.",
    verb: "Import",
  },
  wipeConnection: {
    title: "Wipe the connection?",
    text: "Okta forgets the base URL and the token and sends nothing any more. Only the console step restores the connection.",
    verb: "Wipe it",
  },
};

/** @param {string} label @param {keyof typeof questions} action @param {string} [kind] */
const askingButton = (label, action, kind) => button(label, () => void actIfSure(questions[action], { action }), kind);

export function createStack() {
  const configuration = createConfiguration();
  const outputs = el("dl", {});
  const rotation = el("div", {});
  byId("stack").append(
    configuration.element,
    el("h3", {}, "Outputs"),
    outputs,
    el("h3", {}, "Rotate the token"),
    rotation,
    el("h3", {}, "Synchronize"),
    el("p", {}, "Force Sync sends every provisioned person again. Import Now reads the directory, if importing is on."),
    el("div", { class: "bar" }, askingButton("Force Sync…", "forceSync"), askingButton("Import Now…", "importUsers")),
    el("h3", {}, "Wipe the connection"),
    el("p", {}, "Like switching provisioning off in the Admin Console. The next deployment detects it."),
    el("div", { class: "bar" }, askingButton("Wipe the connection…", "wipeConnection", "danger")),
    ...resetPart(),
  );

  /** @param {any} tenant */
  function rotationPart({ isManaged, tokenGeneration }) {
    if (!isManaged)
      return [
        el(
          "p",
          {},
          "This stack uses the token in endpoint.token and creates none. Create a new token at the directory itself.",
        ),
      ];
    return [
      el("p", {}, `Generation ${tokenGeneration}. The old token works until the last step, so no change is lost.`),
      el(
        "div",
        { class: "bar" },
        deployButton("1. Deploy the next token", () => void deploy({ action: "rotateToken" }), "primary"),
        button("2. Enter it in Okta", () => void act({ action: "changeToken" })),
        deployButton("3. Drop the previous token…", () => {
          void deploy({ action: "dropPreviousToken" }, questions.dropPreviousToken);
        }),
      ),
    ];
  }

  let signature = "";
  return {
    refresh: configuration.refresh,
    /** @param {any} tenant */
    show: (tenant) => {
      // The button is not replaced while a person is about to press it.
      const now = JSON.stringify([tenant.isManaged, tenant.tokenGeneration, tenant.outputs]);
      if (now === signature) return;
      signature = now;
      rotation.replaceChildren(...rotationPart(tenant));
      outputs.replaceChildren(
        ...Object.entries(tenant.outputs).flatMap(([name, value]) =>
          name === "nextSteps" ? [] : [el("div", {}, el("dt", {}, name), el("dd", { class: "mono" }, shown(value)))],
        ),
      );
    },
  };
}
