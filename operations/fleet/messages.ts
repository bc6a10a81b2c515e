import { isRateLimited } from "./schedule.ts";

/** The most messages of one tenant that are kept, and the most characters of each. */
export const MOST_MESSAGES = 40;
export const MOST_OF_MESSAGE = 2_000;

/** The messages of one tenant's failure, in order: a bounded number of them. */
export interface Messages {
  add(text: string): void;
  /** All messages, and a count of those that were left out. Empty if there was no message. */
  text(): string;
}

export function createMessages(): Messages {
  const kept: string[] = [];
  let left = 0;
  return {
    add(text) {
      const message = text.length <= MOST_OF_MESSAGE ? text : `${text.slice(0, MOST_OF_MESSAGE)}…`;
      if (message === "") return;
      if (kept.length < MOST_MESSAGES) {
        kept.push(message);
        return;
      }
      left += 1;
      // Whether the tenant is retried depends on such a message.
      if (isRateLimited(text) && !kept.some(isRateLimited)) kept.splice(-1, 1, message);
    },
    text: () => [...kept, ...(left === 0 ? [] : [`and ${left} more`])].join("\n"),
  };
}
