import type { Tenant } from "../tenant/tenant.ts";
import type { Timeline } from "./timeline.ts";

/** One sign of the tenant's health, as the page shows it in its head. */
export interface Sign {
  readonly label: string;
  /** In words, or a point in time in ISO 8601. */
  readonly value: { readonly text: string } | { readonly at: string };
  readonly state: "good" | "doubt" | "bad" | "plain";
  /** The part of the page that tells more. */
  readonly href: string;
}

/** The health of the tenant, most telling sign first. A part that can fail or fall behind adds one entry. */
export const readHealth = (tenant: Tenant, timeline: Timeline): readonly Sign[] => [
  lastPush(timeline),
  failures(tenant),
];

function lastPush(timeline: Timeline): Sign {
  const at = timeline.lastPush();
  return {
    label: "Last push",
    value: at === undefined ? { text: "none yet" } : { at },
    state: at === undefined ? "doubt" : "plain",
    href: "#exchanges?kind=writes",
  };
}

function failures({ org }: Tenant): Sign {
  const waiting = org.admin.tasks().length;
  const text = waiting === 0 ? "none" : `${waiting.toLocaleString("en")} to retry`;
  return {
    label: "Failures",
    value: { text },
    state: waiting === 0 ? "good" : "bad",
    href: waiting === 0 ? "#exchanges?kind=failed" : "#org",
  };
}
