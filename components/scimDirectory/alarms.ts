import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface Alarms {
  readonly email?: string | undefined;
  readonly topicArn?: string | undefined;
}

/** Alarms on server errors of the API and on errors and throttles of the function, sent to a topic. */
export function createAlarms(
  name: string,
  args: { readonly alarms: Alarms; readonly api: aws.apigatewayv2.Api; readonly fn: aws.lambda.Function },
  options: pulumi.CustomResourceOptions,
): void {
  const topics: pulumi.Input<string>[] = args.alarms.topicArn === undefined ? [] : [args.alarms.topicArn];
  if (args.alarms.email !== undefined) {
    const topic = new aws.sns.Topic(`${name}-alarms`, {}, options);
    new aws.sns.TopicSubscription(
      `${name}-alarms`,
      { topic: topic.arn, protocol: "email", endpoint: args.alarms.email },
      options,
    );
    topics.push(topic.arn);
  }
  const watch = (
    suffix: string,
    alarm: {
      namespace: string;
      metricName: string;
      dimensions: Record<string, pulumi.Input<string>>;
      description: string;
    },
  ): void => {
    new aws.cloudwatch.MetricAlarm(
      `${name}-${suffix}`,
      {
        namespace: alarm.namespace,
        metricName: alarm.metricName,
        dimensions: alarm.dimensions,
        alarmDescription: alarm.description,
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "notBreaching",
        alarmActions: topics,
        okActions: topics,
      },
      options,
    );
  };
  const ofFunction = { FunctionName: args.fn.name };
  watch("server-errors", {
    namespace: "AWS/ApiGateway",
    metricName: "5xx",
    dimensions: { ApiId: args.api.id },
    description: `The SCIM service of ${name} answered with a server error`,
  });
  watch("function-errors", {
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: ofFunction,
    description: `The SCIM function of ${name} failed`,
  });
  watch("function-throttles", {
    namespace: "AWS/Lambda",
    metricName: "Throttles",
    dimensions: ofFunction,
    description: `The SCIM function of ${name} was throttled`,
  });
}
