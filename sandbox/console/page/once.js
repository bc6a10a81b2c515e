/**
 * A handler that ignores a person while it still runs, and the second click of a double click. The control keeps the
 * focus meanwhile.
 * @param {(event: Event) => unknown} handle
 * @returns {(event: Event) => Promise<void>}
 */
export function once(handle) {
  let isRunning = false;
  return async (event) => {
    event.preventDefault();
    if (isRunning || ("detail" in event && Number(event.detail) > 1)) return;
    const waits =
      /** @type {Element | null} */ (event.currentTarget)?.querySelector("[type=submit]") ?? event.currentTarget;
    const running = handle(event);
    if (!(running instanceof Promise)) return;
    isRunning = true;
    // A button that starts deployments shows the state of the deployment.
    const shows = waits instanceof HTMLElement && !waits.hasAttribute("data-deploys");
    if (shows) waits.setAttribute("aria-disabled", "true");
    try {
      await running;
    } finally {
      isRunning = false;
      if (shows) waits.removeAttribute("aria-disabled");
    }
  };
}
