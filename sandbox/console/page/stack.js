import { button, byId, el } from "./dom.js";
import { act, actIfSure } from "./server.js";

/** @param {unknown} value */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const questions = {
  dropPreviousToken: {
    title: "Drop the previous token?",
    text: "If Okta does not use the new one yet, each of its requests is answered 401 from then on.",
    verb: "Drop it",
  },
  forceSync: {
    title: "Send everyone again?",
    text: "Okta sends the profile of everyone who is provisioned, one request each.",
    verb: "Force Sync",
  },
  importUsers: {
    title: "Import from the directory?",
    text: "Okta reads every user of the directory. Whoever it cannot match waits for a confirmation.",
    verb: "Import",
  },
  wipeConnection: {
    title: "Wipe the connection?",
    text: "Okta forgets the base URL and the token and sends nothing any more. Only the console step brings it back.",
    verb: "Wipe it",
  },
};

/** @param {string} label @param {keyof typeof questions} action @param {string} [kind] */
const askingButton = (label, action, kind) => button(label, () => void actIfSure(questions[action], { action }), kind);

export function createStack() {
  const outputs = el("dl", {});
  const rotation = el("div", {});
  byId("stack").append(
    el("h3", {}, "Outputs"),
    outputs,
    el("h3", {}, "Rotate the token"),
    rotation,
    el("h3", {}, "Synchronize"),
    el(
      "p",
      {},
      "Force Sync sends everyone who is provisioned again. Import Now reads the directory, where importing is on.",
    ),
    el("div", { class: "bar" }, askingButton("Force Sync…", "forceSync"), askingButton("Import Now…", "importUsers")),
    el("h3", {}, "Wipe the connection"),
    el("p", {}, "As if somebody switched provisioning off in the Admin Console. Deploying again finds it."),
    el(
      "div",
      { class: "bar" },
      askingButton("Wipe the connection…", "wipeConnection", "danger"),
      button("Deploy", () => void act({ action: "deployAgain" })),
    ),
  );

  /** @param {any} tenant */
  function rotationPart({ isManaged, tokenGeneration }) {
    if (!isManaged)
      return [
        el(
          "p",
          {},
          "This stack is given the directory’s token (endpoint.token) and makes none: a new one comes from where the directory is.",
        ),
      ];
    return [
      el(
        "p",
        {},
        `Generation ${tokenGeneration}. The old token works until the last step, so nobody is missed in between.`,
      ),
      el(
        "div",
        { class: "bar" },
        button("1. Deploy the next token", () => void act({ action: "rotateToken" }), "primary"),
        button("2. Type it into Okta", () => void act({ action: "changeToken" })),
        askingButton("3. Drop the previous token…", "dropPreviousToken"),
      ),
    ];
  }

  let signature = "";
  return {
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
