import { tag } from "./dom.js";

const SECOND = 1000;

/**
 * A tag that counts down to the end of an outage.
 * @param {string | undefined} backAt ISO 8601; undefined if the network does not come back by itself
 * @param {() => void} ended called at the end of the outage
 */
export function networkTag(backAt, ended) {
  const element = tag("network broken", "bad");
  if (backAt === undefined) return element;
  const left = () => Math.max(0, Math.ceil((Date.parse(backAt) - Date.now()) / SECOND));
  const show = () => (element.textContent = `network broken, back in ${left()} s`);
  const tick = () => {
    // The next read of the tenant replaces the tag.
    if (!element.isConnected) return;
    show();
    if (left() === 0) ended();
    setTimeout(tick, SECOND);
  };
  show();
  setTimeout(tick, SECOND);
  return element;
}
