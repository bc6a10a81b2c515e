import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { METRICS_NAMESPACE, type Metric } from "../../../lambda/contract.ts";

/** The inputs of an alarm that differ from the others'. */
export interface Alarm {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly description: string;
  readonly threshold?: number;
  readonly statistic?: "Sum" | "Maximum";
  readonly extendedStatistic?: "p95";
  /** Seconds. Default: 300. */
  readonly period?: number;
  /** Evaluation periods, and how many of them must breach. Default: 1 of 1. */
  readonly periods?: number;
  readonly datapoints?: number;
}

/** In alarm until one day passes without a breach: the longest period of an alarm. */
export const UNTIL_A_DAY_WITHOUT = { period: 3600, periods: 24, datapoints: 1 } as const;

/** A metric that a function counts itself. */
export const ownMetric = (fn: aws.lambda.Function, metricName: Metric) => ({
  namespace: METRICS_NAMESPACE,
  metricName,
  dimensions: { FunctionName: fn.name },
});
