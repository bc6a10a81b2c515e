/** The way to put a drift right. */
export type Way =
  /** `pulumi up --refresh`; the state forgets a resource first that the provider cannot read. */
  | { readonly kind: "refresh"; readonly forget?: { readonly type: string; readonly id: string; readonly urn: string } }
  /** The configuration declares a push, or the groups of a push rule. With connection: pending nothing is pushed yet. */
  | { readonly kind: "declarePush"; readonly mapping: string; readonly isPending: boolean }
  | { readonly kind: "declareRule"; readonly rule: string; readonly isPending: boolean }
  /** The configuration gives an entry the name that its group has now. */
  | { readonly kind: "declareName"; readonly label: string; readonly name: string }
  /** The configuration loses the entries of all groups that were deleted. */
  | { readonly kind: "removeDeleted"; readonly label: string }
  /** A deployment ends the push of a deleted group that only a pattern matched. */
  | { readonly kind: "endPush"; readonly label: string }
  /** The administrator reverses an action, because no deployment does. */
  | { readonly kind: "removeRule"; readonly rule: string }
  | { readonly kind: "removePushRule"; readonly rule: string }
  | { readonly kind: "unlinkGroup"; readonly group: string }
  | { readonly kind: "unassignGroup"; readonly group: string }
  | { readonly kind: "consoleStep" };

/** One difference between the org and what the configuration declares. */
export interface Drift {
  /** The part of the org, with its name. */
  readonly subject: string;
  /** What was done by hand. */
  readonly difference: string;
  /** What puts it right, as a sentence. */
  readonly remedy: string;
  readonly way: Way;
  /** Ids of the groups, rules and push rules whose rows it marks. */
  readonly marks: readonly string[];
}
