import { expect } from "vitest";

// Vitest types its matchers as any. In these tests they are only values to compare.
export const any = (type: typeof Boolean | typeof Number | typeof String): unknown => expect.any(type);
export const anything: unknown = expect.anything();
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const containing = (part: string | Record<string, unknown>): unknown =>
  typeof part === "string" ? expect.stringContaining(part) : expect.objectContaining(part);

/** An id of Okta: a prefix and 17 letters or digits. */
export const id = (prefix: string): unknown => matching(new RegExp(`^${prefix}[0-9A-Za-z]{17}$`));
export const text = any(String);
/** Okta's usual timestamp, whose milliseconds are always zero. */
export const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
/** The timestamp of push mappings, without milliseconds. */
export const mappingTime = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
export const urlTo = (end: string): unknown =>
  matching(new RegExp(`^https?://.*${end.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`));
/** A link to an absolute URL with this end. */
export const link = (end: string): Record<string, unknown> => ({ href: urlTo(end) });
/** An error body; `causes` are the summaries of its causes. */
export const error = (code: string, summary: unknown, ...causes: unknown[]): unknown => ({
  errorCode: code,
  errorSummary: summary,
  errorLink: code,
  errorId: matching(/^oae/),
  errorCauses: causes.map((errorSummary) => ({ errorSummary })),
});
