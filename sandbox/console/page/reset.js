import { announce, ask, button, el, openDialog } from "./dom.js";
import { startingAgain } from "./presence.js";
import { post, textOf } from "./server.js";

const question = {
  title: "Go back to the beginning?",
  text: "Everything that happened here is lost: people, groups, exchanges and configuration set on this page. The tenant starts again from its stack file, in a few seconds.",
  verb: "Start again",
};

/** The part of the Stack view that starts the tenant again. */
export const resetPart = () => [
  el("h3", {}, "Back to the beginning"),
  el("p", {}, "The tenant starts again as npm start made it: the same options, a new org and an empty directory."),
  el(
    "div",
    { class: "bar" },
    button("Back to the beginning…", () => reset(), "danger"),
  ),
];

async function reset() {
  if (!(await ask(question))) return;
  try {
    const { message } = await post("reset", {});
    // The event that tells all pages may have come while this one had no connection.
    startingAgain();
    announce(message);
  } catch (error) {
    openDialog("The tenant was not started again", el("p", { class: "notice" }, textOf(error)));
  }
}
