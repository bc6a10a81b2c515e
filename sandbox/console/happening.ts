import type { ExchangeSummary } from "./exchangeView.ts";

/** An event in Okta that may be the cause of the exchanges that follow. */
export interface Happening {
  readonly kind: "event";
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly who: string;
  /** The people and groups that it concerns. */
  readonly targets: readonly Target[];
  readonly failed: boolean;
  /** What a person's membership in the group, or the group itself, has become. */
  readonly effect?: "joined" | "left" | "deleted";
  readonly reason?: string;
  /** The exchange whose failure caused this one. */
  readonly cause?: { readonly id: number; readonly what: string; readonly status: number };
}

/** A person or a group that an event concerns. */
export interface Target {
  readonly type: "person" | "group";
  readonly id: string;
  readonly name: string;
}

export type TimelineEntry = (ExchangeSummary & { readonly kind: "exchange" }) | Happening;
