import { one, type Sentence } from "./programs.ts";

const LOGS = "aws:cloudwatch/logGroup:LogGroup";
export const logRetentionSet: readonly Sentence[] = [
  {
    sentence: "A log group keeps its logs for a stated number of days.",
    violating: {
      "nothing said": one(LOGS, { name: "l" }),
      "zero, which is forever": one(LOGS, { retentionInDays: 0 }),
      "less than nothing": one(LOGS, { retentionInDays: -1 }),
    },
    allowed: { "a week": one(LOGS, { retentionInDays: 7 }) },
  },
];
