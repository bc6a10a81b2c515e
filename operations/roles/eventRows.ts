import { ALL, regional, type Row } from "./grants.ts";

const keys = [regional("kms", "key/*")];
const eventSources = [regional("lambda", "event-source-mapping:*")];
const queues = [regional("sqs", "TENANT-events-*"), regional("sqs", "TENANT-push-*")];
const parameters = [regional("ssm", "parameter/TENANT-push-*")];
const buses = [regional("events", "event-bus/TENANT-events-*")];
const schedules = [regional("events", "rule/TENANT-events-*")];

/** What `events` adds. */
export const eventRows: Readonly<Record<string, Row>> = {
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    read: {
      ReadEventSource: { actions: ["lambda:GetEventSourceMapping", "lambda:ListTags"], resources: eventSources },
    },
    write: {
      CreateEventSourceOnAll: {
        actions: ["lambda:CreateEventSourceMapping"],
        resources: ALL,
        condition: { ArnLike: { "lambda:FunctionArn": regional("lambda", "function:TENANT-events-*") } },
      },
      WriteEventSource: {
        actions: ["lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"],
        resources: eventSources,
      },
    },
  },
  "aws:sqs/queue:Queue": {
    read: {
      ReadQueues: { actions: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"], resources: queues },
    },
    write: {
      WriteQueues: { actions: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes"], resources: queues },
    },
  },
  "aws:ssm/parameter:Parameter": {
    read: {
      FindParametersOnAll: { actions: ["ssm:DescribeParameters"], resources: ALL },
      ReadParameter: { actions: ["ssm:GetParameter", "ssm:ListTagsForResource"], resources: parameters },
    },
    write: { WriteParameter: { actions: ["ssm:DeleteParameter", "ssm:PutParameter"], resources: parameters } },
  },
  "aws:kms/key:Key": {
    read: {
      ReadKeys: {
        actions: [
          "kms:DescribeKey",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:GetPublicKey", // the program reads it, also in a preview
          "kms:ListResourceTags",
        ],
        resources: keys,
      },
    },
    write: {
      CreateKeyOnAll: { actions: ["kms:CreateKey"], resources: ALL },
      WriteKeys: { actions: ["kms:ScheduleKeyDeletion", "kms:UpdateKeyDescription"], resources: keys },
    },
  },
  "aws:cloudwatch/eventBus:EventBus": {
    read: { ReadBus: { actions: ["events:DescribeEventBus", "events:ListTagsForResource"], resources: buses } },
    write: {
      WriteBus: {
        actions: ["events:CreateEventBus", "events:DeleteEventBus", "events:UpdateEventBus"],
        resources: buses,
      },
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    read: { ReadRule: { actions: ["events:DescribeRule", "events:ListTagsForResource"], resources: schedules } },
    write: { WriteRule: { actions: ["events:DeleteRule", "events:PutRule"], resources: schedules } },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    read: { ReadTarget: { actions: ["events:ListTargetsByRule"], resources: schedules } },
    write: { WriteTarget: { actions: ["events:PutTargets", "events:RemoveTargets"], resources: schedules } },
  },
};
