import { button, byId, el } from "./dom.js";
import { act } from "./server.js";

/** @param {unknown} value */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));

export function createStack() {
  const outputs = el("dl", {});
  const generation = el("p", {});
  byId("stack").append(
    el("h3", {}, "Outputs"),
    outputs,
    el("h3", {}, "Rotate the token"),
    generation,
    el(
      "div",
      { class: "bar" },
      button("1. Deploy the next token", () => void act({ action: "rotateToken" }), "primary"),
      button("2. Type it into Okta", () => void act({ action: "changeToken" })),
      button("3. Drop the previous token", () => void act({ action: "dropPreviousToken" })),
    ),
    el("h3", {}, "Synchronize"),
    el(
      "p",
      {},
      "Force Sync sends everyone who is provisioned again. Import Now reads the directory, where importing is on.",
    ),
    el(
      "div",
      { class: "bar" },
      button("Force Sync", () => void act({ action: "forceSync" })),
      button("Import Now", () => void act({ action: "importUsers" })),
    ),
    el("h3", {}, "Wipe the connection"),
    el("p", {}, "As if somebody switched provisioning off in the Admin Console. Deploying again finds it."),
    el(
      "div",
      { class: "bar" },
      button("Wipe the connection", () => void act({ action: "wipeConnection" }), "danger"),
      button("Deploy", () => void act({ action: "deployAgain" })),
    ),
  );
  return {
    /** @param {any} tenant */
    show: (tenant) => {
      generation.textContent = `Generation ${tenant.tokenGeneration}. The old token works until the last step, so nobody is missed in between.`;
      outputs.replaceChildren(
        ...Object.entries(tenant.outputs).flatMap(([name, value]) =>
          name === "nextSteps" ? [] : [el("dt", {}, name), el("dd", { class: "mono" }, shown(value))],
        ),
      );
    },
  };
}
