import {
  AbsentError,
  BusyError,
  StaleError,
  TakenError,
  TooLargeError,
  UnknownMembersError,
} from "../directory/errors.ts";
import { ScimError } from "../scim/error.ts";
import { etag } from "../scim/representation/resource.ts";

/** Characters of an id that an error quotes. */
const QUOTED_ID = 100;

/** The SCIM error (RFC 7644 §3.12) that a client gets for an error. An unexpected one is the `cause` of a 500, for the log. */
export function toScimError(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof AbsentError) {
    return ScimError.notFound(
      `${error.kind} ${error.id.slice(0, QUOTED_ID)} does not exist. It may have been deleted.`,
    );
  }
  if (error instanceof TakenError) {
    const { kind, attribute, value } = error;
    return ScimError.uniqueness(
      `Another ${kind.toLowerCase()} has the ${attribute} ${JSON.stringify(value)} (compared without case).`,
    );
  }
  if (error instanceof StaleError) {
    return ScimError.preconditionFailed(
      `The resource changed: its version is ${etag(error.version)}. Read it again before you change it.`,
    );
  }
  if (error instanceof UnknownMembersError) {
    return ScimError.invalidValue(
      "None of the members is a user of this directory, so the group keeps the members that it has. Send ids of users, or an empty list to remove all members.",
    );
  }
  if (error instanceof TooLargeError) {
    return ScimError.tooLarge(`The resource is larger than ${error.limit / 1_000} kB. Send fewer or shorter values.`);
  }
  if (error instanceof BusyError) {
    return ScimError.busy(
      "The directory is busy with other changes. Nothing is lost: send the request again.",
      error.retryAfter,
      { cause: error },
    );
  }
  return ScimError.internal("The directory failed unexpectedly.", { cause: error });
}

/** The result of a read; undefined if the resource does not exist. */
export async function orAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AbsentError) return undefined;
    throw error;
  }
}
