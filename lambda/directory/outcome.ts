import type { Stored } from "../model.ts";

/** The group after a change; the holder of the name that it wanted; or neither, when another change came first. */
export interface Outcome {
  readonly stored?: Stored | undefined;
  /** The members after the change, where it had to know them all. */
  readonly members?: ReadonlySet<string> | undefined;
  readonly nameHolder?: string | undefined;
}
