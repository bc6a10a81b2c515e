import * as pulumi from "@pulumi/pulumi";
import * as util from "node:util";

/**
 * A mistake that the person who runs `pulumi` can mend. Pulumi prints the message alone, also when it is thrown inside
 * an `apply`, where the process-level handler logs `err.stack`.
 */
export class UserError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
    this.stack = message;
  }

  [util.inspect.custom](): string {
    return this.message;
  }
}

/** One thing that is wrong: where, what, what would be right, and what to do. */
export interface Problem {
  readonly path: string;
  readonly wrong: string;
  readonly allowed: string;
  readonly fix: string;
}

/** All problems in one message, a line each, so that nobody mends them one deployment at a time. */
export function problemsError(title: string, problems: readonly Problem[]): UserError {
  const lines = problems.map(
    ({ path, wrong, allowed, fix }) => `  ${path}: ${wrong}; allowed: ${allowed}; fix: ${fix}`,
  );
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new UserError(`${title} (${count}):\n${lines.join("\n")}`);
}
