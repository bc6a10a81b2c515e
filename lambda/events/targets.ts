import type { PushTargets } from "../contract.ts";
import { retrying } from "../directory/retry.ts";
import type { Deadline, JsonValue } from "../model.ts";
import { isObject, own } from "../scim/values/json.ts";
import { documentOf, textIn, UnexpectedAnswerError, type AwsCall } from "./awsCall.ts";
import type { Target } from "./transmit.ts";

/** Milliseconds for which the addresses are kept. */
const KEPT = 5 * 60_000;

/** Finds the address of a receiver by `feedOf`. @throws BusyError past the deadline */
export type FindTarget = (feed: string, deadline: Deadline) => Promise<Target | undefined>;

/** Reads the receivers' addresses from a SecureString parameter (ssm:GetParameter), at most every 5 minutes if it has the receiver. */
export function createTargets(call: AwsCall, parameter: string): FindTarget {
  let kept: { readonly targets: PushTargets; readonly until: number } | undefined;
  return async (feed, deadline) => {
    // A receiver may be newer than what is kept.
    if (kept === undefined || kept.until < Date.now() || !Object.hasOwn(kept.targets, feed)) {
      const answer = await retrying(deadline, () => call("GetParameter", { Name: parameter, WithDecryption: true }));
      const value = documentOf(documentOf(answer)["Parameter"]);
      kept = { targets: readTargets(textIn(value, "Value")), until: Date.now() + KEPT };
    }
    return Object.hasOwn(kept.targets, feed) ? kept.targets[feed] : undefined;
  };
}

function readTargets(text: string): PushTargets {
  const value = parse(text);
  const entries = Object.entries(isObject(value) ? value : {}).flatMap(([name, target]): [string, Target][] => {
    const url = isObject(target) ? own(target, "url") : undefined;
    const authorization = isObject(target) ? own(target, "authorization") : undefined;
    if (typeof url !== "string") return [];
    return [[name, { url, ...(typeof authorization === "string" && { authorization }) }]];
  });
  return Object.fromEntries(entries);
}

/** The text holds secrets: the error has no cause, which would quote it. */
function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new UnexpectedAnswerError("the parameter with the receivers' addresses is not JSON; deploy the stack again");
  }
}
