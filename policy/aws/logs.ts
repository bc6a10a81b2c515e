import { UNKNOWN } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";

export const logRetentionSet: ResourceRule = {
  name: "log-retention-set",
  description: "A log group keeps its logs for a stated number of days.",
  appliesTo: oneOf("aws:cloudwatch/logGroup:LogGroup"),
  reads: ["retentionInDays"],
  check: ({ props: { retentionInDays } }) =>
    retentionInDays === UNKNOWN || Number(retentionInDays ?? 0) > 0
      ? []
      : ["retentionInDays is not set; without it, logs are kept forever; set the number of days"],
};
