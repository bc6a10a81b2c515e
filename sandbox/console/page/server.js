import { announce, ask, el, openDialog, refuse } from "./dom.js";

/** A request that the tenant rejected or did not answer. The message is for the person who reads the page. */
export class RequestError extends Error {
  /**
   * @param {string} message
   * @param {{cause?: unknown, isDeployment?: boolean, problems?: readonly import("./dom.js").Problem[]}} [more]
   */
  constructor(message, { cause, isDeployment = false, problems = [] } = {}) {
    super(message, { cause });
    this.name = "RequestError";
    /** Whether the panel of deployments shows the message. */
    this.isDeployment = isDeployment;
    /** The message for each field. */
    this.problems = problems;
  }
}

/** Asks the server. @param {string} path @param {RequestInit} options @returns {Promise<any>} */
const call = async (path, options) =>
  answerOf(
    await fetch(`/api/${path}`, options).catch((cause) => {
      if (options.signal?.aborted === true) throw cause;
      throw new RequestError("The tenant does not answer.", { cause });
    }),
  );

/**
 * @param {string} path
 * @param {Record<string, string | number>} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, query = {}, signal) {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return call(`${path}?${parameters}`, signal === undefined ? {} : { signal });
}

/** @param {string} path @param {unknown} body @returns {Promise<any>} */
export async function post(path, body) {
  const headers = { "content-type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** @param {Response} response @returns {Promise<any>} */
async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new RequestError(body.error, body);
  return body;
}

/** @param {unknown} error */
export const textOf = (error) => (error instanceof Error ? error.message : String(error));

/** What is wrong with each field of a request. @param {unknown} error */
export const problemsOf = (error) => (error instanceof RequestError ? error.problems : []);

/** @typedef {{close: () => void, fail: (text: string, problems?: readonly import("./dom.js").Problem[]) => void}} Dialog */

/**
 * Sends an action and shows its result.
 * @param {Record<string, unknown>} action
 * @param {Dialog} [dialog]
 * @returns {Promise<boolean>} whether it was done
 */
export async function act(action, dialog) {
  try {
    const { message } = await post("action", action);
    dialog?.close();
    announce(message);
    return true;
  } catch (error) {
    if (dialog === undefined) refuse(textOf(error));
    else dialog.fail(textOf(error), problemsOf(error));
    return false;
  }
}

/**
 * Sends an action with large effects, after the person has confirmed it.
 * @param {import("./dom.js").Question} question
 * @param {Record<string, unknown>} action
 * @param {Dialog} [dialog] says what was refused; default: one that opens for it
 */
export async function actIfSure(question, action, dialog = notDone(question)) {
  if (await ask(question)) await act(action, dialog);
}

/** @param {import("./dom.js").Question} question @returns {Dialog} */
const notDone = ({ verb }) => ({
  close: () => {},
  fail: (text) => void openDialog(`Not done: ${verb}`, el("p", { class: "notice" }, text)),
});
