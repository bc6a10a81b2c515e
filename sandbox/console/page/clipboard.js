import { announce, button } from "./dom.js";
import { textOf } from "./server.js";

/** @param {string} text @param {string} what */
const copy = (text, what) =>
  navigator.clipboard.writeText(text).then(
    () => announce(`Copied ${what}`),
    () => announce("The browser does not allow access to the clipboard; copy it from the page"),
  );

/**
 * A button that copies a text to the clipboard.
 * @param {string} label @param {string} what the text's name @param {() => Promise<string>} read
 */
export const copyButton = (label, what, read) =>
  button(label, () =>
    read().then(
      (text) => copy(text, what),
      (error) => announce(textOf(error)),
    ),
  );
