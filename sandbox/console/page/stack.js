import { createConfiguration } from "./configuration.js";
import { deploy, deployButton } from "./deployment.js";
import { button, byId, el } from "./dom.js";
import { createEvents } from "./events.js";
import { resetPart } from "./reset.js";
import { act, actIfSure } from "./server.js";

/** @param {unknown} value */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** @satisfies {Record<string, import("./dom.js").Question>} */
const questions = {
  dropPreviousToken: {
    title: "Drop the previous token?",
    text: "Okta uses the newest token. Afterwards the service answers each request with an earlier token with 401.",
    verb: "Drop it",
  },
  forceSync: {
    title: "Send everyone again?",
    text: "Okta sends the profile of every provisioned person, one request each.",
    verb: "Force Sync",
    kind: "primary",
  },
  importUsers: {
    title: "Import from the directory?",
    text: "Okta reads every user of the directory. People that it cannot match wait for a confirmation.",
    verb: "Import",
    kind: "primary",
  },
  wipeConnection: {
    title: "Wipe the connection?",
    text: "Okta forgets the base URL and the token and sends nothing any more. Only the console step restores the connection.",
    verb: "Wipe it",
  },
};

/** @param {string} label @param {keyof typeof questions} action @param {string} [kind] */
const askingButton = (label, action, kind) => button(label, () => actIfSure(questions[action], { action }), kind);

/** The token that Okta has, and what that means for its requests. @param {any} rotation */
function rotationText({ generation, acceptsPrevious, okta }) {
  if (okta.state === "refused") {
    const own = okta.generation === undefined ? "a token of no known generation" : `generation ${okta.generation}`;
    return `Okta has ${own}, which is refused with 401: its changes wait as failures. Do step 2 now, then retry them.`;
  }
  const accepted = acceptsPrevious
    ? `The service accepts generation ${generation} and the one before`
    : `The service accepts generation ${generation} only`;
  if (okta.state === "none") return `Okta has no token, because provisioning is off. ${accepted}.`;
  const isEarlier = okta.state === "earlier";
  return `Okta has generation ${okta.generation}, ${isEarlier ? "an earlier token" : "the newest token"}. ${accepted}${isEarlier ? ", so no change is lost" : ""}.`;
}

/** The button of the next step takes the place of this one after a success, so until then it stays disabled. */
async function enterToken() {
  if (await act({ action: "changeToken" })) await new Promise(() => {});
}

/** The steps of a rotation, of which only the next one can be done. @param {any} tenant */
function rotationPart({ isManaged, rotation }) {
  if (!isManaged)
    return [
      el(
        "p",
        {},
        "This stack uses the token in endpoint.token and creates none. Create a new token at the directory itself.",
      ),
    ];
  const { next } = rotation;
  const steps = [
    ["rotateToken", deployButton("1. Deploy the next token", () => void deploy({ action: "rotateToken" }))],
    ["changeToken", button("2. Enter it in Okta", enterToken)],
    [
      "dropPreviousToken",
      deployButton("3. Drop the previous token…", () => {
        void deploy({ action: "dropPreviousToken" }, questions.dropPreviousToken);
      }),
    ],
  ];
  for (const [action, element] of /** @type {[string, HTMLButtonElement][]} */ (steps)) {
    element.disabled = action !== next;
    if (action === next && next !== "rotateToken") element.classList.add("primary", "urgent");
  }
  const isRefused = rotation.okta.state === "refused";
  return [
    el("p", { class: isRefused ? "notice" : "" }, rotationText(rotation)),
    el("div", { class: "bar" }, ...steps.map(([, element = ""]) => element)),
  ];
}

export function createStack() {
  const configuration = createConfiguration();
  const events = createEvents();
  const outputs = el("dl", {});
  const rotation = el("div", {});
  byId("stack").append(
    configuration.element,
    events.element,
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

  let signature = "";
  return {
    refresh: async () => {
      await configuration.refresh();
      await events.refresh();
    },
    /** @param {any} tenant */
    show: (tenant) => {
      configuration.show(tenant);
      // The button is not replaced while a person is about to press it.
      const now = JSON.stringify([tenant.isManaged, tenant.rotation, tenant.outputs]);
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
