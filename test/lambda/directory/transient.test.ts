import { expect, it } from "vitest";
import { AwsError, ConnectionError } from "../../../lambda/aws/errors.ts";
import { isTransient } from "../../../lambda/directory/transient.ts";

const error = (name: string, status = 400, fields: Readonly<Record<string, unknown>> = {}): AwsError =>
  new AwsError({ name, message: "", status, fields });
const cancelled = (...reasons: unknown[]): AwsError =>
  error("TransactionCanceledException", 400, { CancellationReasons: reasons });

it.each<[string, Error]>([
  ["no answer", new ConnectionError("")],
  ["a cancelled transaction that met another", cancelled({ Code: "None" }, { Code: "TransactionConflict" })],
  ["a cancelled transaction with an empty reason", cancelled(null, { Code: "ThrottlingError" })],
])("repeats after %s", (_, failure) => {
  expect(isTransient(failure)).toBe(true);
});

it.each([
  ["a condition", error("ConditionalCheckFailedException")],
  ["the access policy", error("AccessDeniedException")],
  [
    "a cancelled transaction with a condition",
    cancelled({ Code: "TransactionConflict" }, { Code: "ConditionalCheckFailed" }),
  ],
  ["an item that is too large", cancelled({ Code: "ValidationError" })],
  ["a signature of the right clock", error("InvalidSignatureException")],
])("does not repeat after %s", (_, failure) => {
  expect(isTransient(failure)).toBe(false);
});

it.each([
  ...["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottledException", "ThrottlingException"],
  ...["ReplicatedWriteConflictException", "RequestTimeout", "RequestTimeoutException", "TooManyRequestsException"],
  ...["TransactionConflictException", "TransactionInProgressException"],
])("repeats after %s", (name) => {
  expect(isTransient(error(name))).toBe(true);
});

it.each([408, 429, 500, 502, 503, 504])("repeats after the status %i, whatever its body", (status) => {
  expect(isTransient(error("UnknownError", status))).toBe(true);
});
