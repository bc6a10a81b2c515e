import type { Place } from "../support/place.ts";
import type { ResourceHandler } from "../../engine/provider.ts";
import { recordOnly, text } from "../support/record.ts";

/** Days that CloudWatch Logs keeps a log group's events (PutRetentionPolicy); 0 means forever. */
const RETENTIONS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function cloudwatchResources({ account, region }: Place): Record<string, ResourceHandler> {
  return {
    "aws:cloudwatch/logGroup:LogGroup": recordOnly({
      autoName: "name",
      computed: ["arn"],
      replaces: ["name", "logGroupClass"],
      make: (inputs) => {
        const name = text(inputs, "name");
        const days = inputs["retentionInDays"] ?? 0;
        if (typeof days !== "number" || !RETENTIONS.includes(days)) {
          throw new Error(`retentionInDays must be one of ${RETENTIONS.join(", ")}`);
        }
        return { id: name, arn: `arn:aws:logs:${region}:${account}:log-group:${name}` };
      },
    }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": recordOnly({
      autoName: "name",
      computed: ["arn"],
      replaces: ["name"],
      make: (inputs) => {
        const name = text(inputs, "name");
        return { id: name, arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` };
      },
    }),
    "aws:cloudwatch/dashboard:Dashboard": recordOnly({
      computed: ["dashboardArn"],
      replaces: ["dashboardName"],
      make: (inputs) => {
        const name = text(inputs, "dashboardName");
        if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
          throw new Error(
            `InvalidParameterInput: the dashboard name ${name} has characters other than A-Z a-z 0-9 - _`,
          );
        }
        return { id: name, dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${name}` };
      },
    }),
  };
}
