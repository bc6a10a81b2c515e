import { z } from "zod";
import { explain } from "./help.ts";

/** The most readers: the hashes of their tokens have to fit into the 4 KB of a function's environment. */
const MOST_READERS = 10;

/** The name of a system that follows the directory: part of resource names and log lines. */
export const systemName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/)
  .refine((name) => name !== "okta", "is the name of Okta, which has the main token");

export const SYSTEM_NAME = "2 to 24 of a-z, 0-9 and -, starting with a letter and not ending in -, other than okta";

/** Reports each entry whose value an earlier entry has. */
export function reportRepeated(values: readonly unknown[], report: (index: number, message: string) => void): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (typeof value === "string" && first < index) report(index, `is ${value}, which is entry ${first} too`);
  });
}

export const readers = explain(
  z
    .array(
      explain(systemName, {
        meaning: "Name of a system that may read the directory",
        allowed: `${SYSTEM_NAME}; each name once`,
        example: "hr-portal",
      }),
    )
    .max(MOST_READERS)
    // Also where another entry is wrong, so that every problem is reported at once.
    .superRefine(
      (names, context) => {
        reportRepeated(names, (index, message) => {
          context.addIssue({ code: "custom", message, path: [index] });
        });
      },
      { when: ({ value }) => Array.isArray(value) },
    )
    .default([]),
  {
    meaning:
      "Systems that may read the directory, each with a token of its own in the output readerTokens; such a token cannot change anything",
    allowed: `at most ${MOST_READERS} names, each once`,
  },
);
