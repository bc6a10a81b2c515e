import type { Stored } from "../model.ts";

/**
 * The group after a change; or the holder of the name that the change wanted; or neither, if another change came first.
 */
export interface Outcome {
  readonly stored?: Stored | undefined;
  /** The members after the change, if the change had to know them all. */
  readonly members?: ReadonlySet<string> | undefined;
  readonly nameHolder?: string | undefined;
}
