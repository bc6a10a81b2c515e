import type { ResourceKind } from "../model.ts";

/**
 * The failures of the directory. These errors know neither HTTP nor SCIM: `service/` maps them to an answer. Every
 * other error that leaves the directory is unexpected, such as a refusal by the access policy.
 */
export abstract class DirectoryError extends Error {
  override readonly name: string = "DirectoryError";
}

/** No such resource, or it is deleted. */
export class AbsentError extends DirectoryError {
  override readonly name = "AbsentError";
  readonly kind: ResourceKind;
  readonly id: string;

  constructor(kind: ResourceKind, id: string, options?: ErrorOptions) {
    super(`no ${kind} ${id}`, options);
    this.kind = kind;
    this.id = id;
  }
}

/** Another resource of the same kind has the name. Names are compared without case. */
export class TakenError extends DirectoryError {
  override readonly name = "TakenError";
  readonly kind: ResourceKind;
  readonly attribute: string;
  readonly value: string;

  constructor(kind: ResourceKind, attribute: string, value: string, options?: ErrorOptions) {
    super(`another ${kind} has the ${attribute} ${value}`, options);
    this.kind = kind;
    this.attribute = attribute;
    this.value = value;
  }
}

/** The resource is not at a version that the caller accepts. */
export class StaleError extends DirectoryError {
  override readonly name = "StaleError";
  /** The current version. */
  readonly version: string;

  constructor(version: string, options?: ErrorOptions) {
    super(`the version is ${version}`, options);
    this.version = version;
  }
}

/** A list of members that is not empty names no existing user: it would empty the group. */
export class UnknownMembersError extends DirectoryError {
  override readonly name = "UnknownMembersError";

  constructor(options?: ErrorOptions) {
    super("no member exists", options);
  }
}

/** The document does not fit one item. */
export class TooLargeError extends DirectoryError {
  override readonly name = "TooLargeError";
  /** Bytes of JSON. */
  readonly limit: number;

  constructor(limit: number, options?: ErrorOptions) {
    super(`the document is larger than ${limit} bytes`, options);
    this.limit = limit;
  }
}

/** The work cannot end before the deadline. The same request, sent again, completes it. */
export class BusyError extends DirectoryError {
  override readonly name = "BusyError";
  /** Seconds after which a retry may succeed. */
  readonly retryAfter: number;

  /** `cause` is the last error of DynamoDB, if there was one. */
  constructor(retryAfter: number, options?: ErrorOptions) {
    super(`the directory is busy for ${retryAfter} s`, options);
    this.retryAfter = retryAfter;
  }
}
