import { z } from "zod";
import type { Access } from "../iam/policy.ts";

/** A request that the service refuses, with the error's name and words of AWS. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  /** AWS's name of the error, such as `NotFoundException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

/** Decides whether an entry of a batch fails alone; the index counts from 0. */
export type FailsAlone = (index: number) => boolean;

/** One operation of a service, from its request's JSON to its answer's. */
export interface Operation {
  /**
   * Reads a request.
   * @returns the permissions that it needs, and its work
   * @throws ServiceError
   */
  readonly read: (body: unknown) => {
    readonly accesses: readonly Access[];
    readonly perform: (failsAlone: FailsAlone) => Promise<object> | object;
  };
}

/** A service of AWS that speaks the JSON protocol. */
export interface JsonService {
  /** Its part of `X-Amz-Target`, such as `TrentService`. */
  readonly target: string;
  /** Prefix of its IAM actions, such as `kms`. */
  readonly prefix: string;
  /** Namespace of its error names, such as `com.amazonaws.sqs`. Default: none. */
  readonly namespace?: string;
  /** The name of the error for too many requests. */
  readonly throttled: string;
  /** Names of errors in the older protocol, which clients of SQS expect in a header. */
  readonly queryErrors?: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, Operation>>;
}

/**
 * An operation whose request follows a schema.
 * @param accesses the permissions that a request needs
 */
export function operation<T extends z.ZodType>(
  schema: T,
  accesses: (request: z.infer<T>) => readonly Access[],
  perform: (request: z.infer<T>, failsAlone: FailsAlone) => Promise<object> | object,
): Operation {
  return {
    read: (body) => {
      const request = readAs(schema, body);
      return { accesses: accesses(request), perform: (failsAlone) => perform(request, failsAlone) };
    },
  };
}

/** @throws ServiceError that names everything that is wrong */
export function readAs<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ServiceError("ValidationException", z.prettifyError(parsed.error));
  return parsed.data;
}
