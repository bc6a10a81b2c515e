import { isRateLimited } from "./schedule.ts";

/** The most messages of one tenant that are kept, and the most characters of each. */
export const MOST_MESSAGES = 40;
export const MOST_OF_MESSAGE = 2_000;

/** A bounded part of what was written, in order. */
export interface Bounded {
  readonly add: (text: string) => void;
  /** Everything that was kept, a line each, and a count of the lines that were left out. Empty if there was nothing. */
  readonly text: () => string;
}

/**
 * Keeps the first texts, each cut to `MOST_OF_MESSAGE`.
 * @param left what stands for the texts that were left out
 * @param clean applied to each text before it is cut
 */
export function createLines(
  most: number,
  left: (count: number) => string,
  clean: (text: string) => string = (text) => text,
): Bounded & { readonly kept: string[] } {
  const kept: string[] = [];
  let more = 0;
  return {
    kept,
    add(text) {
      if (kept.length < most) kept.push(cut(clean(text)));
      else more += 1;
    },
    text: () => [...kept, ...(more === 0 ? [] : [left(more)])].join("\n"),
  };
}

const cut = (text: string): string => (text.length <= MOST_OF_MESSAGE ? text : `${text.slice(0, MOST_OF_MESSAGE)}…`);

/** The messages of one tenant's failure. Empty ones are left out. */
export function createMessages(): Bounded {
  const lines = createLines(MOST_MESSAGES, (count) => `and ${count} more`);
  const { kept } = lines;
  return {
    add(text) {
      if (text === "") return;
      // Whether the tenant is retried depends on such a message.
      if (kept.length === MOST_MESSAGES && isRateLimited(text) && !kept.some(isRateLimited)) {
        kept.splice(-1, 1, cut(text));
      }
      lines.add(text);
    },
    text: lines.text,
  };
}
