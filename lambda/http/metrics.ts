/** Namespace of the metrics in CloudWatch; their one dimension is `FunctionName`, as of Lambda's own. */
export const METRICS_NAMESPACE = "OktaScimDirectory";

/** Counts that neither Lambda, API Gateway nor DynamoDB has a metric for. */
export type Metric = "Unauthorized" | "PreviousToken" | "Busy";
