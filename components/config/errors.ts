import * as util from "node:util";
import { RunError } from "@pulumi/pulumi/errors.js";

/**
 * A mistake that the person who runs `pulumi` can correct. Pulumi prints only the message, even when the error is
 * thrown inside an `apply`: there the process-level handler logs `err.stack`, and each resource that waits for the
 * value writes `error serializing property "…": ` before the message of the same error. The message itself does not
 * change.
 */
export class UserError extends RunError {
  override readonly name = "UserError";

  constructor(message: string, options: ErrorOptions = {}) {
    super(message);
    this.stack = message;
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
    if (options.cause !== undefined) this.cause = options.cause;
  }

  [util.inspect.custom](): string {
    return this.message;
  }
}

/** One problem: where it is, what is wrong, what is allowed, and a command that corrects it. */
export interface Problem {
  readonly path: string;
  readonly wrong: string;
  readonly allowed: string;
  readonly fix: string;
}

/** One problem as one line: path, what is wrong, what is allowed, and the command that corrects it. */
export const problemLine = ({ path, wrong, allowed, fix }: Problem): string =>
  `${path}: ${wrong}; allowed: ${allowed}; fix: ${fix}`;

/** All problems in one message, one line each, so that a person can correct them all before the next deployment. */
export function problemsError(title: string, problems: readonly Problem[]): UserError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new UserError(`${title} (${count}):\n${problems.map((problem) => `  ${problemLine(problem)}`).join("\n")}`);
}
