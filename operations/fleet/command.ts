/** The commands that a fleet runs, each for one stack at a time. */
export const COMMANDS = ["preview", "up", "verify"] as const;

export type Command = (typeof COMMANDS)[number];
