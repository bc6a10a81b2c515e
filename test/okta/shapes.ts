import { expect } from "vitest";

/** An id of Okta: a prefix and 17 letters or digits. */
export const id = (prefix: string): unknown => expect.stringMatching(new RegExp(`^${prefix}[0-9A-Za-z]{17}$`));
export const text: unknown = expect.any(String);
/** Okta's usual timestamp, whose milliseconds are always zero. */
export const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
/** The timestamp of push mappings, without milliseconds. */
export const mappingTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
/** A link to an absolute URL that ends so. */
export const link = (end: string): Record<string, unknown> => ({ href: urlTo(end) });
export const urlTo = (end: string): unknown =>
  expect.stringMatching(new RegExp(`^https?://.*${end.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`));
/** An error body; `causes` are the summaries of its causes. */
export const error = (code: string, summary: unknown, ...causes: unknown[]): unknown => ({
  errorCode: code,
  errorSummary: summary,
  errorLink: code,
  errorId: expect.stringMatching(/^oae/),
  errorCauses: causes.map((errorSummary) => ({ errorSummary })),
});
