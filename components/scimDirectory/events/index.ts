import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  EVENTS_PATH,
  eventRoutes,
  feedActions,
  type EventHandler,
  type EventReceiver,
} from "../../../lambda/contract.ts";
import { pollingOf, type Events } from "../../config/events.ts";
import type { Stage, TenantConfig } from "../../config/keys.ts";
import type { Statement } from "../parts/role.ts";
import { routePathsTo } from "../parts/routes.ts";
import { createFeedTable } from "./feed.ts";
import { createEventFunction, type EventFunction, type Settings } from "./functions.ts";
import { createObserver, readQueue, readStream } from "./invocations.ts";
import { createFailureQueue, createPush, type Push } from "./queues.ts";
import { identifyReceivers, type KnownReceiver } from "./receivers.ts";
import { createSigningKeys } from "./signingKeys.ts";
import type { WatchedEvents } from "./watched.ts";

export interface ChangeEventsArgs {
  readonly events: Events;
  readonly stage: Stage;
  readonly attributes: TenantConfig["attributes"];
  /** The directory's table, with its stream. */
  readonly table: aws.dynamodb.Table;
  readonly api: aws.apigatewayv2.Api;
  /** `https://` and the host of the service. */
  readonly address: pulumi.Input<string>;
  readonly baseUrl: pulumi.Input<string>;
  readonly tokens: {
    /** JSON for the functions' environments. */
    readonly hashes: pulumi.Output<string>;
    readonly receiverHashes: pulumi.Output<string>;
    /** By the name of a receiver that polls. */
    readonly ofReceivers: Readonly<Record<string, pulumi.Output<string>>>;
  };
  /** The code of all functions. */
  readonly code: pulumi.asset.AssetArchive;
}

export interface ChangeEvents {
  /** The `iss` of the events. */
  readonly issuer: pulumi.Output<string>;
  /** The address of the JSON Web Key Set. */
  readonly keys: pulumi.Output<string>;
  /** By name: the address and token of each receiver of poll; nothing for a receiver of push. Secret. */
  readonly receivers: pulumi.Output<Readonly<Record<string, { readonly pollUrl?: string; readonly token?: string }>>>;
  /** The resources without which the addresses answer nothing. */
  readonly ready: readonly pulumi.Resource[];
  readonly watched: WatchedEvents;
}

/**
 * Tells receivers of every change: the stream of the directory's table → `publish`, which signs → the feed of each receiver
 * that polls, the queue of those that are pushed to, and the bus.
 */
export function createChangeEvents(
  name: string,
  args: ChangeEventsArgs,
  options: pulumi.CustomResourceOptions,
): ChangeEvents {
  const { events, stage, table, api, tokens, code } = args;
  const issuer = pulumi.interpolate`${args.address}${EVENTS_PATH}`;
  const keys = createSigningKeys(name, events.signingKey, options);
  const feedTable = createFeedTable(name, stage, options);
  const failed = createFailureQueue(name, options);
  const receivers = identifyReceivers(name, events.receivers, options);
  const push = createPush(name, receivers, options);
  const bus = events.eventBus ? new aws.cloudwatch.EventBus(`${name}-events`, {}, options) : undefined;
  const polling = pollingOf(events);

  const settings: Settings = {
    eventIssuer: issuer,
    baseUrl: args.baseUrl,
    attributes: JSON.stringify(args.attributes),
    eventReceivers: pulumi.jsonStringify(receivers.map(receiverOf)),
    feedTableName: feedTable.name,
    signingKeys: keys.published,
    tokenHashes: tokens.hashes,
    receiverTokenHashes: tokens.receiverHashes,
    pushQueueUrl: push?.queue.url,
    pushTargetsParameter: push?.targets.name,
    pushTargetsVersion: push?.targets.version.apply(String),
    eventBusName: bus?.name,
    eventsSource: bus && `okta-scim-directory.${name}`,
  };
  const make = (handler: EventHandler, allows: readonly Statement[], more: Settings = {}): EventFunction =>
    createEventFunction(name, handler, { stage, code, settings: { ...settings, ...more }, allows }, options);
  const on = (resource: pulumi.Input<string>, ...actions: readonly string[]): Statement => ({ actions, resource });

  const publish = make(
    "publish",
    [
      on(table.streamArn, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
      // AWS offers this action for all streams of one table only.
      on(pulumi.interpolate`${table.arn}/stream/*`, "dynamodb:ListStreams"),
      on(keys.signing, "kms:Sign"),
      on(feedTable.arn, ...feedActions.publish),
      on(failed.arn, "sqs:SendMessage"),
      ...(push ? [on(push.queue.arn, "sqs:SendMessage")] : []),
      ...(bus ? [on(bus.arn, "events:PutEvents")] : []),
    ],
    { signingKeys: keys.signers },
  );
  readStream(`${name}-events-publish`, { source: table, failed, to: publish }, options);
  const feed = make("feed", [on(feedTable.arn, ...feedActions.feed)]);
  const paths = { [`${name}-events-poll`]: eventRoutes.poll, [`${name}-events-keys`]: eventRoutes.keys };
  const routes = routePathsTo(`${name}-events-feed`, { api, fn: feed.fn, paths }, options);
  const pushing = push && make("push", pushActions(push));
  if (push && pushing) readQueue(`${name}-events-push`, { queue: push.queue, to: pushing }, options);
  const observe = polling.length > 0 ? make("observe", [on(feedTable.arn, ...feedActions.observe)]) : undefined;
  if (observe) createObserver(`${name}-events-observe`, observe, options);

  const functions = [publish, feed, pushing, observe].filter((one) => one !== undefined);
  return {
    issuer,
    keys: pulumi.interpolate`${args.address}${eventRoutes.keys}`,
    receivers: receiversOutput(events, args),
    ready: routes,
    watched: {
      ...{ functions, failed, push, polling, feedTable, publish: publish.fn, feed: feed.fn, observe: observe?.fn },
    },
  };
}

const receiverOf = ({ name, id, delivery, mode }: KnownReceiver) =>
  ({ name, id, delivery: delivery.kind, mode }) satisfies Record<keyof EventReceiver, unknown>;

const pushActions = ({ queue, targets }: Push): readonly Statement[] => [
  {
    actions: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    resource: queue.arn,
  },
  { actions: ["ssm:GetParameter"], resource: targets.arn },
];

function receiversOutput({ receivers }: Events, { address, tokens }: ChangeEventsArgs): ChangeEvents["receivers"] {
  const entries = receivers.map(({ name }) => {
    const token = tokens.ofReceivers[name];
    const pollUrl = pulumi.interpolate`${address}${eventRoutes.poll.replace("{receiver}", name)}`;
    return [name, token === undefined ? {} : { pollUrl, token }] as const;
  });
  return pulumi.secret(pulumi.output(Object.fromEntries(entries)));
}
