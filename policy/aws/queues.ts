import { at, isRecord, UNKNOWN, type Resource } from "../model/resource.ts";
import { oneOf, type ResourceRule, type StackRule } from "../model/rule.ts";
import { parse } from "../iam/document.ts";

const QUEUE = "aws:sqs/queue:Queue";
const REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

export const queueEncrypted: ResourceRule = {
  name: "queue-encrypted",
  description: "A queue is encrypted at rest, by SQS (sqsManagedSseEnabled) or by a key of KMS (kmsMasterKeyId).",
  appliesTo: oneOf(QUEUE),
  reads: ["sqsManagedSseEnabled", "kmsMasterKeyId"],
  check: ({ props: { sqsManagedSseEnabled, kmsMasterKeyId } }) =>
    [true, "true", UNKNOWN].includes(sqsManagedSseEnabled as string) || isGiven(kmsMasterKeyId)
      ? []
      : ["the queue is not encrypted at rest; set sqsManagedSseEnabled to true, or kmsMasterKeyId"],
};

const isGiven = (value: unknown): boolean => value === UNKNOWN || (typeof value === "string" && value !== "");

export const queueWithDeadLetters: StackRule = {
  name: "queue-with-dead-letters",
  description:
    "A queue that a function reads has a dead-letter queue (redrivePolicy), so that a message that fails again and again is kept and blocks no other.",
  check: (resources) =>
    readQueues(resources)
      .filter(({ isRead, queue }) => isRead === "yes" && deadLettersOf(queue, resources) === "no")
      .map(({ queue: { urn } }) => ({
        urn,
        message:
          "a function reads the queue, which has no dead-letter queue; set redrivePolicy with deadLetterTargetArn",
      })),
  knownAtUp: (resources) =>
    readQueues(resources)
      .filter(({ isRead, queue }) => isRead !== "no" && deadLettersOf(queue, resources) !== "yes")
      .filter(({ isRead, queue }) => isRead === "unknown" || deadLettersOf(queue, resources) === "unknown")
      .map(({ queue }) => `redrivePolicy of ${queue.name}`),
};

type Answer = "yes" | "no" | "unknown";

const answer = (isCertain: boolean, isPossible: boolean): Answer => (isCertain ? "yes" : isPossible ? "unknown" : "no");

/** Each queue, and whether a mapping of an event source names it. */
function readQueues(resources: readonly Resource[]): readonly { readonly queue: Resource; readonly isRead: Answer }[] {
  const sources = resources.filter(({ type }) => type === MAPPING).map(({ props }) => props["eventSourceArn"]);
  return resources
    .filter(({ type }) => type === QUEUE)
    .map((queue) => {
      const { arn } = queue.props;
      const isCertain = typeof arn === "string" && sources.includes(arn);
      return {
        queue,
        isRead: answer(
          isCertain,
          sources.some((source) => mayBe(source, arn)),
        ),
      };
    });
}

/** Whether two values may be the same queue, one of them at least not known yet. */
const mayBe = (source: unknown, own: unknown): boolean =>
  (source === UNKNOWN && (own === UNKNOWN || own === undefined || isQueue(own))) ||
  ((own === UNKNOWN || own === undefined) && isQueue(source));

const isQueue = (arn: unknown): boolean => typeof arn === "string" && /^arn:aws[a-z-]*:sqs:/.test(arn);

/** Whether the queue has a policy of its own for messages that fail, or one beside it. */
function deadLettersOf({ props }: Resource, resources: readonly Resource[]): Answer {
  const beside = resources
    .filter(({ type }) => type === REDRIVE)
    .filter(({ props: { queueUrl } }) => queueUrl === UNKNOWN || queueUrl === props["url"] || queueUrl === props["id"]);
  const policies = [props["redrivePolicy"], ...beside.map((one) => one.props["redrivePolicy"])];
  const targets = policies.map((policy) => (policy === UNKNOWN ? UNKNOWN : targetOf(policy)));
  return answer(
    targets.some((target) => typeof target === "string" && target !== ""),
    targets.includes(UNKNOWN),
  );
}

function targetOf(policy: unknown): unknown {
  const value = typeof policy === "string" ? parse(policy) : policy;
  return isRecord(value) ? at(value, "deadLetterTargetArn") : undefined;
}
