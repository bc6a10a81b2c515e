import { announce } from "./dom.js";

/**
 * @param {string} path
 * @param {Record<string, string | number>} [query]
 * @returns {Promise<any>}
 */
export async function get(path, query = {}) {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return answerOf(await fetch(`/api/${path}?${parameters}`));
}

/** @param {string} path @param {unknown} body @returns {Promise<any>} */
export async function post(path, body) {
  const headers = { "content-type": "application/json" };
  return answerOf(await fetch(`/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** @param {Response} response @returns {Promise<any>} */
async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** @param {unknown} error */
export const textOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Has something done and says how it went.
 * @param {Record<string, unknown>} action
 * @param {{close: () => void, fail: (text: string) => void}} [dialog]
 */
export async function act(action, dialog) {
  try {
    const { message } = await post("action", action);
    dialog?.close();
    announce(message);
    return true;
  } catch (error) {
    if (dialog === undefined) announce(textOf(error));
    else dialog.fail(textOf(error));
    return false;
  }
}
