import { eventOutputs } from "../live/eventOutputs.ts";
import { StackError } from "../live/stackError.ts";

/** The access of one receiver to its feed. */
export interface FeedAddress {
  readonly pollUrl: string;
  readonly token: string;
  /** Address of the JWKS. */
  readonly keysUrl: string;
  /** The `iss` of its events. */
  readonly issuer: string;
}

/**
 * @param outputs the stack's outputs in clear
 * @throws StackError if the stack has no such receiver, or pushes its events
 */
export function feedAddress(stack: string, outputs: Readonly<Record<string, unknown>>, receiver: string): FeedAddress {
  const read = eventOutputs.safeParse(outputs);
  if (!read.success)
    throw new StackError(
      `the stack ${stack} has no change events: set the key events, then deploy it with "pulumi up --stack ${stack}"`,
      { cause: read.error },
    );
  const { eventIssuer: issuer, eventKeys: keysUrl, eventReceivers } = read.data;
  const found = eventReceivers[receiver];
  if (found === undefined) {
    const names = Object.keys(eventReceivers).join(", ");
    throw new StackError(
      `the stack ${stack} has no receiver ${receiver}; its receivers: ${names === "" ? "none" : names}`,
    );
  }
  const { pollUrl, token } = found;
  if (pollUrl === undefined || token === undefined)
    throw new StackError(
      `the events of ${receiver} are pushed to it: there is no feed to poll. Add a receiver with delivery: poll to follow them here`,
    );
  return { pollUrl, token, keysUrl, issuer };
}
