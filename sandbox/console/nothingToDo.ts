import { BadRequest } from "./badRequest.ts";

/**
 * Refuses an action that would change nothing: the page that asks is older than the change, as a second tab is, or sends
 * again after a lost answer. The person reads the present state instead of a success.
 * @param state a sentence without the full stop
 * @throws BadRequest if the action would change nothing
 */
export function refuseIf(isDone: boolean, state: string): void {
  if (isDone) throw new BadRequest(409, `${state}. Nothing was changed.`);
}
