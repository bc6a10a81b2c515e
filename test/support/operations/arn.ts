/** Whether an ARN pattern of a policy matches an ARN. */
export const matches = (pattern: string, arn: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(arn);

/** An ARN that a pattern matches. */
export const sample = (pattern: string): string => pattern.replaceAll("*", "aws");
